package org.kolotoc.eval.arena.rating;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;

/** A leaderboard that was published, lmarena.ai on 4 December 2024: its ranks from its intervals, and battles at its scores. */
class LeaderboardSimulationTest {
    /** @param rank as it was printed, as are the others */
    private record Printed(int rank, String model, int score, int plus, int minus, int votes) {
        double halfWidth() {
            return (plus + minus) / 2.0;
        }
    }

    private static final List<Printed> ROWS = List.of(
            new Printed(1, "ChatGPT-4o-latest (2024-11-20)", 1366, 3, 4, 19888),
            new Printed(1, "Gemini-Exp-1121", 1364, 7, 4, 13583),
            new Printed(3, "Gemini-Exp-1114", 1347, 5, 4, 16208),
            new Printed(4, "o1-preview", 1334, 4, 4, 29747),
            new Printed(5, "o1-mini", 1307, 3, 4, 35691),
            new Printed(5, "Gemini-1.5-Pro-002", 1301, 3, 3, 31240),
            new Printed(7, "Grok-2-08-13", 1289, 3, 3, 54702),
            new Printed(7, "Yi-Lightning", 1287, 3, 4, 29201),
            new Printed(7, "GPT-4o-2024-05-13", 1285, 2, 2, 115598),
            new Printed(7, "Claude 3.5 Sonnet (20241022)", 1283, 3, 3, 33295),
            new Printed(10, "Athene-v2-Chat-72B", 1276, 5, 5, 7159));

    private static Battles battles;
    private static Fit fit;

    @BeforeAll
    static void fight() throws Undetermined {
        battles = simulated(1);
        fit = BradleyTerry.with(Ties.HALF).fit(battles, false);
    }

    /** Each model fights as often as it did: sides are dealt out, and pairs of one and the same changed with others. */
    private static Battles simulated(long seed) {
        int[] places = ROWS.stream()
                .flatMapToInt(row -> IntStream.range(0, row.votes()).map(_ -> ROWS.indexOf(row)))
                .toArray();
        CounterRandom random = new CounterRandom(seed, "deal");
        for (int i = places.length - 1; i > 0; i--) {
            swap(places, i, random.integer(i, i + 1));
        }
        long turn = places.length;
        for (int i = 0; i + 1 < places.length; i += 2) {
            while (places[i] == places[i + 1]) {
                swap(places, i + 1, random.integer(turn++, places.length));
            }
        }
        List<Battle> fought = new ArrayList<>();
        for (int i = 0; i + 1 < places.length; i += 2) {
            Printed left = ROWS.get(places[i]);
            Printed right = ROWS.get(places[i + 1]);
            if (left != right) {
                boolean wins = random.uniform(turn++)
                        < Simulated.chance((left.score() - right.score()) / Fit.POINTS_PER_LOGIT);
                fought.add(new Battle(left.model(), right.model(), wins ? Outcome.LEFT : Outcome.RIGHT));
            }
        }
        return Battles.of(fought);
    }

    private static void swap(int[] places, int i, int j) {
        int place = places[i];
        places[i] = places[j];
        places[j] = place;
    }

    private static Printed row(int model) {
        return ROWS.stream()
                .filter(row -> row.model().equals(battles.models().get(model)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void printedIntervalsGiveAllElevenPrintedRanks() {
        Intervals printed = new Intervals(
                ROWS.stream().mapToDouble(row -> row.score() - row.minus()).toArray(),
                ROWS.stream().mapToDouble(row -> row.score() + row.plus()).toArray());
        assertArrayEquals(ROWS.stream().mapToInt(Printed::rank).toArray(), printed.ranks());
    }

    @Test
    void asManyBattlesAtThePrintedScoresGiveThemBack() {
        double mean = ROWS.stream().mapToDouble(Printed::score).average().orElseThrow();
        double[] scores = fit.scores();
        Intervals intervals = Intervals.sandwich(fit);
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(i -> i)
                .toArray();
        for (int place = 0; place < order.length; place++) {
            int is = order[place];
            assertEquals(row(is).score() - mean, scores[is] - Fit.MEAN_SCORE, 6, row(is).model());
            if (row(is) != ROWS.get(place)) {
                int due = battles.models().indexOf(ROWS.get(place).model());
                assertTrue(
                        intervals.lower()[is] <= intervals.upper()[due]
                                && intervals.lower()[due] <= intervals.upper()[is],
                        "changed places beyond their intervals: " + row(is) + ", " + row(due));
            }
        }
    }

    @Test
    void bothIntervalsAreAsWideAsPrinted() {
        Intervals sandwich = Intervals.sandwich(fit);
        Bootstrap samples = Bootstrap.of(BradleyTerry.with(Ties.HALF), battles, false, fit, 100, 1);
        Intervals drawn = samples.intervals();
        for (int i = 0; i < battles.models().size(); i++) {
            assertEquals(row(i).halfWidth(), sandwich.halfWidth(i) * Fit.POINTS_PER_LOGIT, 2.5, row(i).model());
            assertEquals(row(i).halfWidth(), drawn.halfWidth(i) * Fit.POINTS_PER_LOGIT, 2.5, row(i).model());
        }
        assertEquals(1, meanRatio(drawn, sandwich), 0.1);
    }

    private static double meanRatio(Intervals a, Intervals b) {
        return IntStream.range(0, a.lower().length)
                .mapToDouble(i -> a.halfWidth(i) / b.halfWidth(i))
                .average()
                .orElseThrow();
    }

    /** So many samples that a bound of each is known to some percent. */
    @Test
    void theyAgreeForEachModel() throws Undetermined {
        double[] strengths = ROWS.stream()
                .mapToDouble(row -> row.score() / Fit.POINTS_PER_LOGIT)
                .toArray();
        Battles fewer = Simulated.evenly(strengths, 4000, 3);
        BradleyTerry model = BradleyTerry.with(Ties.HALF);
        Fit of = model.fit(fewer, false);
        Intervals drawn = Bootstrap.of(model, fewer, false, of, 2000, 3).intervals();
        Intervals computed = Intervals.sandwich(of);
        for (int i = 0; i < strengths.length; i++) {
            assertEquals(1, drawn.halfWidth(i) / computed.halfWidth(i), 0.1, "model " + i);
        }
    }

    /** Of 200 simulations, how often the true strength of each model lies in its interval. */
    @Test
    void intervalsHoldTheTruthAsOftenAsTheySay() throws Undetermined {
        double[] truth = {-0.9, -0.4, -0.1, 0, 0.3, 0.4, 0.7};
        BradleyTerry model = BradleyTerry.with(Ties.HALF);
        int sandwiched = 0;
        int drawn = 0;
        int simulations = 200;
        for (int simulation = 0; simulation < simulations; simulation++) {
            Battles fought = Simulated.evenly(truth, 700, simulation);
            Fit of = model.fit(fought, false);
            sandwiched += held(Intervals.sandwich(of), fought, truth);
            drawn +=
                    held(Bootstrap.of(model, fought, false, of, 100, simulation).intervals(), fought, truth);
        }
        double all = simulations * truth.length;
        assertEquals(0.95, sandwiched / all, 0.03, "sandwich");
        assertEquals(0.95, drawn / all, 0.03, "bootstrap");
    }

    private static int held(Intervals intervals, Battles fought, double[] truth) {
        double mean = Arrays.stream(truth).average().orElseThrow();
        int held = 0;
        for (int i = 0; i < truth.length; i++) {
            int model = fought.models().indexOf("m" + i);
            held += intervals.lower()[model] <= truth[i] - mean
                            && truth[i] - mean <= intervals.upper()[model]
                    ? 1
                    : 0;
        }
        return held;
    }
}
