package org.kolotoc.eval.arena.rating;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;

/** A judge that likes long answers, by half a logit a unit of length; the weaker a model, the longer it writes. */
class StyleControlTest {
    private static final double BIAS = 0.5;
    private static final double[] STRENGTHS = {1, 0.7, 0.4, 0.1, -0.2};
    private static final double[] LENGTHS = {0, 1, 2, 3, 4};

    private static Battles judged(int battles, boolean noise, List<String> features) {
        CounterRandom random = new CounterRandom(11, "style");
        List<Battle> fought = new ArrayList<>();
        for (int i = 0; i < battles; i++) {
            int left = random.integer(8L * i, STRENGTHS.length);
            int right = (left + 1 + random.integer(8L * i + 1, STRENGTHS.length - 1)) % STRENGTHS.length;
            double longer = LENGTHS[left] - LENGTHS[right];
            if (noise) {
                longer += random.normal(8L * i + 2) - random.normal(8L * i + 3);
            }
            boolean wins =
                    random.uniform(8L * i + 4) < Simulated.chance(STRENGTHS[left] - STRENGTHS[right] + BIAS * longer);
            double lists = random.normal(8L * i + 5);
            fought.add(new Battle(
                    "m" + left,
                    "m" + right,
                    wins ? Outcome.LEFT : Outcome.RIGHT,
                    List.of(longer, lists).subList(0, features.size())));
        }
        return Battles.of(fought, features);
    }

    private static List<String> order(Battles battles, Fit fit) {
        return IntStream.range(0, battles.models().size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -fit.strengths()[i]))
                .map(battles.models()::get)
                .toList();
    }

    @Test
    void theWorthOfLengthIsFoundAndTheRankingRestored() throws Undetermined {
        Battles battles = judged(12_000, true, List.of("length", "lists"));
        BradleyTerry model = BradleyTerry.with(Ties.HALF);
        Fit controlled = model.fit(battles, true);
        assertEquals(BIAS, controlled.coefficients()[0], BIAS / 10);
        assertEquals(0, controlled.coefficients()[1], 0.05, "lists are worth nothing to this judge");
        assertEquals(List.of("m0", "m1", "m2", "m3", "m4"), order(battles, controlled));
        assertEquals(List.of("m4", "m3", "m2", "m1", "m0"), order(battles, model.fit(battles, false)));
        // Sure enough for ranks of their own.
        int[] ranks = Intervals.sandwich(controlled).first(5).ranks();
        assertArrayEquals(
                new int[] {1, 2, 3, 4, 5},
                IntStream.range(0, 5)
                        .map(i -> ranks[battles.models().indexOf("m" + i)])
                        .toArray());
    }

    @Test
    void samplesSayHowSureTheWorthOfLengthIs() throws Undetermined {
        Battles battles = judged(1500, true, List.of("length"));
        BradleyTerry model = BradleyTerry.with(Ties.HALF);
        Fit fit = model.fit(battles, true);
        Intervals drawn = Bootstrap.of(model, battles, true, fit, 100, 1).intervals();
        int length = battles.models().size();
        assertTrue(drawn.lower()[length] < BIAS && BIAS < drawn.upper()[length]);
        assertEquals(1, drawn.halfWidth(length) / (1.96 * fit.sandwichErrors()[length]), 0.25);
    }

    /** Where a model always writes as long, nobody can tell how strong it is from how long it writes. */
    @Test
    void aFeatureThatFollowsFromTheModelsIsNamed() {
        Undetermined refused = assertThrows(
                Undetermined.class,
                () -> BradleyTerry.with(Ties.HALF).fit(judged(500, false, List.of("length")), true));
        assertTrue(
                refused.getMessage().startsWith("the style feature 'length' follows from who fights"),
                refused::getMessage);
    }

    @Test
    void featuresThatTellEveryWinnerAreRefused() {
        List<Battle> fought = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double longer = Math.sin(i) + (i % 2 == 0 ? 0.1 : -0.1);
            fought.add(new Battle(
                    "m" + i % 3, "m" + (i + 1) % 3, longer > 0 ? Outcome.LEFT : Outcome.RIGHT, List.of(longer)));
        }
        Battles battles = Battles.of(fought, List.of("length"));
        Undetermined refused = assertThrows(
                Undetermined.class, () -> BradleyTerry.with(Ties.HALF).fit(battles, true));
        assertTrue(refused.getMessage().contains("grow without end"), refused::getMessage);
    }
}
