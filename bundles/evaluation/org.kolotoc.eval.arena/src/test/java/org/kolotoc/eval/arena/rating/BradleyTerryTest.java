package org.kolotoc.eval.arena.rating;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;

class BradleyTerryTest {
    private static final BradleyTerry HALF = BradleyTerry.with(Ties.HALF);

    private static Battle won(String winner, String loser) {
        return new Battle(winner, loser, Outcome.LEFT);
    }

    private static List<Battle> times(int count, Battle battle) {
        return Collections.nCopies(count, battle);
    }

    @SafeVarargs
    private static Battles all(List<Battle>... lists) {
        List<Battle> all = new ArrayList<>();
        for (List<Battle> list : lists) {
            all.addAll(list);
        }
        return Battles.of(all);
    }

    @Test
    void ofTwoTheDifferenceIsTheLogarithmOfTheOdds() throws Undetermined {
        Fit fit = HALF.fit(
                all(times(7, won("a", "b")), times(2, won("b", "a")), times(2, new Battle("b", "a", Outcome.TIE))),
                false);
        assertEquals(Math.log(8 / 3.0), fit.strengths()[0] - fit.strengths()[1], 1e-12);
        assertEquals(0, fit.strengths()[0] + fit.strengths()[1], 1e-12);
    }

    /** Of two, Davidson's maximum gives each outcome the share that it has. */
    @Test
    void ofTwoDavidsonsProbabilitiesAreTheShares() throws Undetermined {
        Fit fit = BradleyTerry.with(Ties.DAVIDSON)
                .fit(
                        all(
                                times(6, won("a", "b")),
                                times(3, won("b", "a")),
                                times(5, new Battle("b", "a", Outcome.TIE))),
                        false);
        double a = Math.exp(fit.strengths()[0]);
        double b = Math.exp(fit.strengths()[1]);
        double sum = a + b + fit.nu() * Math.sqrt(a * b);
        assertArrayEquals(
                new double[] {6 / 14.0, 3 / 14.0, 5 / 14.0},
                new double[] {a / sum, b / sum, fit.nu() * Math.sqrt(a * b) / sum},
                1e-9);
    }

    @Test
    void withoutTiesBothModelsAreOne() throws Undetermined {
        Battles battles = Simulated.evenly(new double[] {0, 0.5, 1}, 200, 1);
        assertArrayEquals(
                HALF.fit(battles, false).strengths(),
                BradleyTerry.with(Ties.DAVIDSON).fit(battles, false).strengths(),
                1e-12);
    }

    @Test
    void derivativesAreThoseOfTheLikelihood() {
        List<Battle> fought = new ArrayList<>();
        CounterRandom random = new CounterRandom(3, "derivatives");
        for (int i = 0; i < 60; i++) {
            int left = random.integer(5L * i, 4);
            fought.add(new Battle(
                    "m" + left,
                    "m" + (left + 1 + random.integer(5L * i + 1, 3)) % 4,
                    Outcome.values()[random.integer(5L * i + 2, 3)],
                    List.of(random.normal(5L * i + 3), random.normal(5L * i + 4))));
        }
        Tally tally = Tally.of(Battles.of(fought, List.of("x", "y")), true);
        for (Ties ties : Ties.values()) {
            Likelihood likelihood = new Likelihood(tally, ties, 0.7);
            double[] at = IntStream.range(0, likelihood.size())
                    .mapToDouble(i -> Math.sin(i + 1))
                    .toArray();
            Likelihood.Derivatives there = likelihood.derivatives(at, false);
            double h = 1e-5;
            for (int i = 0; i < at.length; i++) {
                double[] more = at.clone();
                double[] less = at.clone();
                more[i] += h;
                less[i] -= h;
                assertEquals((likelihood.log(more) - likelihood.log(less)) / (2 * h), there.gradient()[i], 1e-7);
                for (int j = 0; j < at.length; j++) {
                    double second = (likelihood.derivatives(more, false).gradient()[j]
                                    - likelihood.derivatives(less, false).gradient()[j])
                            / (2 * h);
                    assertEquals(-second, there.information()[i][j], 1e-7, ties + " " + i + ", " + j);
                }
            }
        }
    }

    /** The order of battles and the sides they are written on change no bit of strengths; ratings one by one they change. */
    @Test
    void theOrderOfBattlesChangesRatingsAndNotStrengths() throws Undetermined {
        List<Battle> fought = new ArrayList<>();
        Battles battles = Simulated.evenly(new double[] {0, 0.3, 0.6, 0.9}, 600, 5);
        for (int i = 0; i < battles.size(); i++) {
            fought.add(new Battle(
                    battles.models().get(battles.left(i)), battles.models().get(battles.right(i)), battles.outcome(i)));
        }
        List<Battle> shuffled = new ArrayList<>(fought);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.replaceAll(battle -> battle.left().compareTo(battle.right()) < 0 ? battle : battle.reversed());
        Battles others = Battles.of(shuffled);
        double[] scores = HALF.fit(battles, false).scores();
        double[] again = HALF.fit(others, false).scores();
        double[] ratings = Elo.USUAL.ratings(battles);
        double[] ratingsAgain = Elo.USUAL.ratings(others);
        double most = 0;
        for (int i = 0; i < scores.length; i++) {
            int there = others.models().indexOf(battles.models().get(i));
            assertEquals(scores[i], again[there], 1e-9);
            most = Math.max(most, Math.abs(ratings[i] - ratingsAgain[there]));
        }
        assertTrue(most > 5, "ratings moved by " + most);
    }

    @Test
    void whoNeverLostIsNamed() {
        Undetermined refused = assertThrows(
                Undetermined.class,
                () -> HALF.fit(all(times(3, won("a", "b")), times(1, won("b", "c")), times(1, won("c", "b"))), false));
        assertEquals(
                "'a' never lost a point to 'b', 'c', so there is no end to how much stronger they may be",
                refused.getMessage());
    }

    @Test
    void whoNeverWonIsNamed() {
        Undetermined refused = assertThrows(
                Undetermined.class,
                () -> HALF.fit(all(times(1, won("b", "c")), times(1, won("c", "b")), times(3, won("b", "a"))), false));
        assertEquals(
                "'b', 'c' never lost a point to 'a', so there is no end to how much stronger they may be",
                refused.getMessage());
    }

    @Test
    void modelsThatNeverMetAreNamed() {
        Undetermined refused = assertThrows(
                Undetermined.class,
                () -> HALF.fit(
                        all(
                                times(1, won("a", "b")),
                                times(1, won("b", "a")),
                                times(1, new Battle("c", "d", Outcome.TIE))),
                        false));
        assertEquals(
                "no battle joins 'a', 'b' with 'c', 'd', so nothing says who of both is stronger",
                refused.getMessage());
    }

    /** With one virtual tie a model that won {@code n} times stands where its odds are as its points. */
    @Test
    void virtualTiesDetermineWhatNeverLost() throws Undetermined {
        Battles battles = all(times(3, won("a", "b")), times(2, won("c", "d")));
        Fit fit = HALF.withPrior(1).fit(battles, false);
        double[] s = fit.strengths();
        assertTrue(s[0] > s[1] && s[2] > s[3] && s[0] > s[2], Arrays.toString(s));
        // Of each pair both stand equally far from 0: the gradient 3 (1 - p(2s)) - tanh(s/2)/2 is 0 there.
        assertEquals(0, 3 * (1 - Simulated.chance(2 * s[0])) - Math.tanh(s[0] / 2) / 2, 1e-9);
        assertTrue(fit.sandwichErrors()[0] > 0);
    }

    @Test
    void onlyTiesDetermineNoTieParameter() {
        assertThrows(
                Undetermined.class,
                () -> BradleyTerry.with(Ties.DAVIDSON).fit(all(times(3, new Battle("a", "b", Outcome.TIE))), false));
    }

    @Test
    void samplesWithoutStrengthsAreCounted() throws Undetermined {
        Battles battles = all(times(30, won("a", "b")), times(1, won("b", "a")));
        Bootstrap samples = Bootstrap.of(HALF, battles, false, HALF.fit(battles, false), 200, 1);
        // One battle in 31 is in no sample with (1 - 1/31)^31.
        assertEquals(200 * Math.pow(30 / 31.0, 31), samples.undetermined(), 25);
        assertEquals(200, samples.undetermined() + samples.strengths().size());
    }

    @Test
    void theSameSeedDrawsTheSameSamples() throws Undetermined {
        Battles battles = Simulated.evenly(new double[] {0, 0.5, 1}, 300, 1);
        Fit fit = HALF.fit(battles, false);
        double[] once =
                Bootstrap.of(HALF, battles, false, fit, 20, 7).intervals().lower();
        assertArrayEquals(
                once, Bootstrap.of(HALF, battles, false, fit, 20, 7).intervals().lower());
        assertTrue(!Arrays.equals(
                once, Bootstrap.of(HALF, battles, false, fit, 20, 8).intervals().lower()));
    }

    @Test
    void ranksCountWhoIsSurelyBetter() {
        Intervals intervals = new Intervals(new double[] {5, 1, 4, 0}, new double[] {7, 3, 6, 3.5});
        assertArrayEquals(new int[] {1, 3, 1, 3}, intervals.ranks());
    }
}
