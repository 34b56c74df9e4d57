package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.MetricConformance;

class SelfBleuTest extends MetricConformance<WordSettings> {
    @Override
    protected Metric<WordSettings> metric() {
        return new SelfBleu();
    }

    @Override
    protected WordSettings settings() {
        return new WordSettings(3);
    }

    @Override
    protected String id() {
        return "self-bleu";
    }

    @Override
    protected List<Sample> high() {
        return List.of(Sample.text("The cat saw the mat here."), Sample.text("the cat saw the mat, there"));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Sample.text("The cat saw the mat here."), Sample.text("Some dogs never eat any fish."));
    }

    @Test
    void theSameTextTwiceIsOne() {
        List<Sample> twice = List.of(high().getFirst(), high().getFirst());
        assertEquals(1, measured(twice).get("self-bleu"), 1e-12);
        assertEquals(0.5, measured(twice).get("self-bleu/distinct-3"), 1e-12);
        assertEquals(0, measured(low()).get("self-bleu"));
        Map<String, Double> high = measured(high());
        assertEquals(6 / 10.0, high.get("self-bleu/distinct-2"), 1e-12);
        assertTrue(high.get("self-bleu") > 0.7 && high.get("self-bleu") < 1, high::toString);
        assertEquals(0, measured(List.of(high().getFirst())).get("self-bleu"));
    }
}
