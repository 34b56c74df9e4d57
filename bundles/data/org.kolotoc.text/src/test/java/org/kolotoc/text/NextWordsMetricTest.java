package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.MetricConformance;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** The toy text: {@code the cat sat on the mat.} again and again. */
class NextWordsMetricTest extends MetricConformance<NextWordsMetricSettings> {
    @Override
    protected Metric<NextWordsMetricSettings> metric() {
        return new NextWordsMetric();
    }

    @Override
    protected NextWordsMetricSettings settings() {
        return new NextWordsMetricSettings(List.of("the", "on the"));
    }

    @Override
    protected String id() {
        return "next-words";
    }

    @Override
    protected List<Sample> high() {
        return List.of(Sample.text("0.51\tcat\n0.47\tmat\n0.02\t\n"), Sample.text("0.95\tmat\n0.05\t\n"));
    }

    @Override
    protected List<Sample> low() {
        return List.of(Sample.text("0.6\tdog\n0.2\tmat\n0.2\t\n"), Sample.text("0.6\tcat\n0.3\tmat\n0.1\t\n"));
    }

    @Test
    void tablesAreHeldAgainstCounts() {
        Map<String, Double> high = measured(high());
        assertEquals((0.5 + 0.47 + 0.95) / 2, high.get("next-words"), 1e-9);
        assertEquals(0.05, high.get("next-words/error"), 1e-9);
        double one = 0.5 * Math.log(0.5 / 0.51) + 0.5 * Math.log(0.5 / 0.47);
        assertEquals((one - Math.log(0.95)) / 2, high.get("next-words/divergence"), 1e-9);
        assertEquals(1, high.get("next-words/top"));
        Map<String, Double> low = measured(low());
        assertEquals(0.7, low.get("next-words/error"), 1e-9);
        assertEquals(0, low.get("next-words/top"));
        assertTrue(low.get("next-words/divergence") > 5, "a word that no line names is as good as impossible");
    }

    @Test
    void aPromptThatIsNowhereIsRefused() {
        NextWordsMetricSettings other = new NextWordsMetricSettings(List.of("the dog"));
        try (Bench bench = new Bench(new ReferenceBackend(), Map.of(), data(), 1)) {
            InputError error =
                    assertThrows(InputError.class, () -> metric().measure(other, high(), bench, (_, _) -> {}));
            assertEquals("prompts[0]", error.field());
        }
        assertThrows(InputError.class, () -> measured(List.of(Sample.text("no table"))));
    }

    /** Before the first step, when it is asked what it measures. */
    @Test
    void noPromptsAreRefusedBeforehand() {
        InputError error =
                assertThrows(InputError.class, () -> metric().measures(new NextWordsMetricSettings(List.of())));
        assertEquals("prompts", error.field());
    }
}
