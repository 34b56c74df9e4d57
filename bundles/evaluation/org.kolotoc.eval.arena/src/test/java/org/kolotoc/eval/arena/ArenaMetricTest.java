package org.kolotoc.eval.arena;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.chat.Transcript;
import org.kolotoc.eval.arena.file.Votes;
import org.kolotoc.eval.arena.rating.Battles;
import org.kolotoc.eval.arena.rating.BradleyTerry;
import org.kolotoc.eval.arena.rating.Ties;
import org.kolotoc.eval.arena.rating.Undetermined;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.CounterRandom;

final class ArenaMetricTest extends MetricConformance<ArenaSettings> {
    private static final int QUESTIONS = 120;

    @TempDir
    Path folder;

    @Override
    protected Metric<ArenaSettings> metric() {
        return new ArenaMetric();
    }

    @Override
    protected String id() {
        return "arena";
    }

    /** The answer is a number, the higher the better. */
    @Override
    protected ArenaSettings settings() {
        return settings("bad", "fair", "good");
    }

    private static ArenaSettings settings(String... entrants) {
        return new ArenaSettings(List.of(entrants), exchange -> Double.parseDouble(exchange.answer()), 100, 1, 1);
    }

    /** Right answers with these chances, 1 for one and 0 for none. */
    private static List<Sample> answered(double bad, double fair, double good) {
        CounterRandom random = new CounterRandom(7, "answers");
        return IntStream.range(0, QUESTIONS)
                .mapToObj(i -> {
                    Map<String, String> answers = new LinkedHashMap<>();
                    answers.put("bad", random.uniform(3L * i) < bad ? "1" : "0");
                    answers.put("fair", random.uniform(3L * i + 1) < fair ? "1" : "0");
                    answers.put("good", random.uniform(3L * i + 2) < good ? "1" : "0");
                    return new Transcript("question " + i, answers).sample();
                })
                .toList();
    }

    @Override
    protected List<Sample> high() {
        return answered(0.05, 0.5, 0.95);
    }

    @Override
    protected List<Sample> low() {
        return answered(0.95, 0.5, 0.05);
    }

    @Test
    void whoIsSurelyBetterIsApart() {
        Map<String, Double> measured = measured(high());
        assertTrue(measured.get("arena") > 0, measured::toString);
        for (String name : List.of("bad", "fair", "good")) {
            double score = measured.get("arena/" + name);
            assertTrue(measured.get("arena/" + name + "/low") < score, measured::toString);
            assertTrue(measured.get("arena/" + name + "/high") > score, measured::toString);
        }
        assertEquals(
                measured.get("arena"),
                Math.min(
                        measured.get("arena/fair/low") - measured.get("arena/bad/high"),
                        measured.get("arena/good/low") - measured.get("arena/fair/high")),
                1e-12);
    }

    /** Controls: equal ones, the wrong order, one pair that is not apart, and everybody saying the same. */
    @Test
    void whoIsNotIsNotApart() {
        for (List<Sample> samples : List.of(
                answered(0.5, 0.5, 0.5), low(), answered(0.05, 0.8, 0.82), answered(0, 0, 0), answered(1, 1, 1))) {
            double apart = measured(samples).get("arena");
            assertTrue(apart <= 0, () -> "apart by " + apart);
        }
    }

    /** Each but the first against the one before, whoever stands on the left; a tie is half. */
    @Test
    void winsAreOverTheOneBefore() {
        List<Sample> samples = List.of(
                new Transcript("a", Map.of("bad", "0", "fair", "1", "good", "1")).sample(),
                new Transcript("b", Map.of("bad", "0", "fair", "1", "good", "2")).sample(),
                new Transcript("c", Map.of("bad", "1", "fair", "0", "good", "1")).sample(),
                new Transcript("d", Map.of("bad", "0", "fair", "1", "good", "2")).sample());
        Map<String, Double> measured = measured(samples);
        assertEquals(0.75, measured.get("arena/fair/wins"));
        assertEquals(0.875, measured.get("arena/good/wins"));
        assertFalse(measured.containsKey("arena/bad/wins"));
        Interval interval = Interval.wilson(3.5, 4, 0.95);
        assertEquals(interval.low(), measured.get("arena/good/wins/low"));
        assertEquals(interval.high(), measured.get("arena/good/wins/high"));
    }

    /** Controls: who says the same as another wins half, and who is worse is surely below. */
    @Test
    void whoIsNoBetterWinsNoMoreThanHalf() {
        Map<String, Double> same = measured(answered(1, 1, 1));
        assertEquals(0.5, same.get("arena/good/wins"));
        assertTrue(same.get("arena/good/wins/low") < 0.5 && same.get("arena/good/wins/high") > 0.5, same::toString);
        assertTrue(measured(high()).get("arena/good/wins/low") > 0.5);
        assertTrue(measured(low()).get("arena/good/wins/high") < 0.5);
        assertEquals(0.5, measured(List.of()).get("arena/good/wins"));
        assertEquals(0, measured(List.of()).get("arena/good/wins/low"));
    }

    /** Who never lost has a score even so, and who is called what changes nothing but the name. */
    @Test
    void scoresAreThoseOfTheVotes() throws IOException, Undetermined {
        Map<String, Sample> shown = shown(answered(0, 0.5, 1));
        Path votes = folder.resolve("votes.jsonl");
        Files.write(votes, shown.get("arena/votes").content());
        Battles battles = Votes.read(votes.toString(), List.of("length"));
        assertEquals(3 * QUESTIONS, battles.size());
        double[] scores =
                BradleyTerry.with(Ties.HALF).withPrior(1).fit(battles, false).scores();
        Map<String, Double> measured = measured(answered(0, 0.5, 1));
        for (String name : battles.models()) {
            assertEquals(scores[battles.models().indexOf(name)], measured.get("arena/" + name), 1e-6);
        }
        int left = 0;
        for (int i = 0; i < battles.size(); i++) {
            left += battles.models().get(battles.left(i)).equals("good") ? 1 : 0;
        }
        assertTrue(left > QUESTIONS * 0.8 && left < QUESTIONS * 1.2, "sides are drawn: " + left);
        String table = shown.get("arena/leaderboard").text();
        assertTrue(table.startsWith("Rank (UB)") && table.contains("good"), table);
        assertTrue(table.lines().skip(1).findFirst().orElseThrow().contains("good"), table);
    }

    private Map<String, Sample> shown(List<Sample> samples) {
        Map<String, Sample> shown = new HashMap<>();
        metric().measure(settings(), samples, Bench.of(Toys.bigram(3), data(), 1), new Measurements() {
            @Override
            public void put(String name, double value) {}

            @Override
            public void show(String name, Sample sample) {
                shown.put(name, sample);
            }
        });
        return shown;
    }

    /** Battles over a question share answers, so that they are drawn again together, or not at all. */
    @Test
    void questionsAreResampledWithAllTheirBattles() {
        Rounds rounds = Rounds.of(settings(), high(), (_, _) -> {});
        int[] once = rounds.again(1).apply(0);
        for (int vote = 0; vote < once.length; vote++) {
            assertEquals(once[vote - vote % 3], once[vote], "vote " + vote);
        }
        assertEquals(3 * QUESTIONS, Arrays.stream(once).sum());
        assertTrue(Arrays.stream(once).distinct().count() > 2, "nothing is drawn twice");
        assertFalse(Arrays.equals(once, rounds.again(1).apply(1)), "the same is drawn again");
        assertArrayEquals(once, rounds.again(1).apply(0));
    }

    @Test
    void whatIsNoTranscriptIsRefused() {
        assertTrue(assertThrows(InputError.class, () -> measured(List.of(Sample.text("plain"))))
                .getMessage()
                .contains("no transcript"));
        assertEquals(
                "entrants",
                assertThrows(InputError.class, () -> Rounds.of(settings("bad", "worse"), high(), (_, _) -> {}))
                        .field());
        for (List<String> entrants : List.of(List.of("one"), List.of("one", "one"))) {
            assertEquals(
                    "entrants",
                    assertThrows(InputError.class, () -> metric().measures(settings(entrants.toArray(String[]::new))))
                            .field());
        }
    }
}
