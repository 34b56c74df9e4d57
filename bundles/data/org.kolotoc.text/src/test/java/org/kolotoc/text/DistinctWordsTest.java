package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.MetricConformance;

class DistinctWordsTest extends MetricConformance<WordSettings> {
    @Override
    protected Metric<WordSettings> metric() {
        return new DistinctWords();
    }

    @Override
    protected WordSettings settings() {
        return new WordSettings(3);
    }

    @Override
    protected String id() {
        return "distinct-words";
    }

    @Override
    protected List<Sample> high() {
        return List.of(Sample.text("The cat saw some other mat."));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Sample.text("cat cat cat cat cat"));
    }

    @Test
    void caseDoesNotMakeAnotherWord() {
        assertEquals(2 / 4.0, of("Cat cat CAT", "don't"), 1e-12);
        assertEquals(0, of(""), 0);
    }

    private double of(String... texts) {
        List<Sample> samples = List.of(texts).stream().map(Sample::text).toList();
        return measured(samples).get(id());
    }
}
