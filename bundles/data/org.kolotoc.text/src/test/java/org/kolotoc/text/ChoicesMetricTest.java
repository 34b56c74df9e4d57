package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.api.text.Choice;
import org.kolotoc.api.text.ScoredChoice;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tck.Toys;

class ChoicesMetricTest extends MetricConformance<ChoicesMetricSettings> {
    private static final Choice MAT = new Choice("seat", "the cat sat on the", List.of(" cat", " mat"), "", 1);
    private static final Choice DOG = new Choice("seat", "the dog sat on the", List.of(" dog", " mat"), ".", 0);
    private static final Choice VERB = new Choice("verb", "the cat", List.of(" sat", " ate"), " on the mat.", 0);

    @Override
    protected Metric<ChoicesMetricSettings> metric() {
        return new ChoicesMetric();
    }

    @Override
    protected ChoicesMetricSettings settings() {
        return new ChoicesMetricSettings(List.of("seat", "verb"), 5);
    }

    @Override
    protected String id() {
        return "choices";
    }

    /** @param chosen of each choice */
    private static Sample sample(List<Choice> choices, int... chosen) {
        List<ScoredChoice> scored = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            List<Double> scores =
                    new ArrayList<>(Collections.nCopies(choices.get(i).options().size(), -1.0));
            scores.set(chosen[i], -0.5);
            scored.add(new ScoredChoice(
                    choices.get(i), scores.stream().map(Math::abs).toList(), scores));
        }
        return Sample.text(ScoredChoice.written(scored));
    }

    @Override
    protected List<Sample> high() {
        return List.of(sample(List.of(MAT, DOG), 1, 0), sample(List.of(VERB), 0));
    }

    @Override
    protected List<Sample> low() {
        return List.of(sample(List.of(MAT, DOG), 0, 0), sample(List.of(VERB), 1));
    }

    @Test
    void sharesAreThoseOfTheirKind() {
        assertEquals(1, measured(high()).get("choices"));
        assertEquals(1 / 3.0, measured(low()).get("choices"), 1e-12);
        assertEquals(0.5, measured(low()).get("choices/seat"));
        assertEquals(0, measured(low()).get("choices/verb"));
        assertEquals(2, measured(low()).get("choices/seat/gaps"));
        assertTrue(measured(low()).get("choices/seat/low") < 0.5);
        assertTrue(measured(low()).get("choices/seat/high") > 0.5);
    }

    /** The toy text says again and again that the cat sat on the mat, and nothing of a dog. */
    @Test
    void anNGramFillsWhatItHasSeen() {
        assertEquals(1, measured(high()).get("choices/verb/ngram"));
        assertEquals(0.5, measured(high()).get("choices/seat/ngram"));
        assertEquals(0.5, measured(high()).get("choices/seat/margin"));
        assertEquals(0, measured(low()).get("choices/seat/margin"));
        assertEquals(-1, measured(low()).get("choices/verb/margin"));
    }

    @Test
    void samplesWithoutTheKindAreRefused() {
        List<Sample> seats = List.of(sample(List.of(MAT), 1));
        assertEquals(
                "kinds", assertThrows(InputError.class, () -> measured(seats)).field());
        assertThrows(InputError.class, () -> measured(List.of(Sample.text("the cat sat"))));
    }

    @Test
    void anNGramFillsAllWhereNoKindIsNamed() {
        Map<String, Double> all;
        try (Bench bench = Bench.of(Toys.bigram(Toys.text().dimensions().get("vocab")), Toys.text(), 1)) {
            all = Bench.measured(out -> metric().measure(new ChoicesMetricSettings(List.of(), 5), high(), bench, out));
        }
        assertEquals(2 / 3.0, all.get("choices/ngram"), 1e-12);
        assertEquals(1 / 3.0, all.get("choices/margin"), 1e-12);
    }

    @Test
    void aSampleThatComesAgainCountsOnce() {
        List<Sample> again = new ArrayList<>(low());
        again.add(low().getFirst());
        assertEquals(2, measured(again).get("choices/seat/gaps"));
        assertEquals(1 / 3.0, measured(again).get("choices"), 1e-12);
    }
}
