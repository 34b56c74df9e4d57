package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tck.Toys;

class WordRateTest extends MetricConformance<WordSettings> {
    @Override
    protected Metric<WordSettings> metric() {
        return new WordRate();
    }

    @Override
    protected WordSettings settings() {
        return new WordSettings(3);
    }

    @Override
    protected String id() {
        return "word-rate";
    }

    @Override
    protected List<Sample> high() {
        return List.of(Sample.text("The cat sat on the mat."));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Sample.text("Xqz wvk sjt."));
    }

    @Test
    void onlyWordsOfThreeLettersCount() {
        // Of "Cat", "zzz", "the" and "mats" two are known; "on" and "12" do not count.
        assertEquals(2 / 4.0, of("Cat on 12 zzz", "the mats"), 1e-12);
        assertEquals(0, of("on a 1234"), 0);
    }

    private double of(String... texts) {
        List<Sample> samples = List.of(texts).stream().map(Sample::text).toList();
        return Bench.measured(out -> metric().measure(settings(), samples, Toys.text(), out))
                .get(id());
    }
}
