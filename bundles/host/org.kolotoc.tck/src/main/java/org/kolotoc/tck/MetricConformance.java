package org.kolotoc.tck;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What every metric must do, its negative control included: it tells good samples from bad ones.
 *
 * @param <S> the settings record
 */
public abstract class MetricConformance<S extends Record> {
    protected abstract Metric<S> metric();

    protected abstract S settings();

    /** Id of the seat: its main number's name. */
    protected abstract String id();

    /** Samples with a high number. */
    protected abstract List<Sample> high();

    /** Samples with a low number. */
    protected abstract List<Sample> low();

    protected Dataset data() {
        return Toys.text();
    }

    /** Models of the run that it looks at, by its own names. */
    protected Map<String, Model> models() {
        return Map.of();
    }

    /** What it measures of samples, against {@link #data}. */
    protected Map<String, Double> measured(List<Sample> samples) {
        return measured(samples, data());
    }

    private Map<String, Double> measured(List<Sample> samples, Dataset data) {
        return Bench.measured(out -> measure(samples, data, out));
    }

    private void measure(List<Sample> samples, Dataset data, Measurements out) {
        try (Bench bench = new Bench(new ReferenceBackend(), models(), data, 1)) {
            metric().measure(settings(), samples, bench, out);
        }
    }

    @Test
    void itPutsWhatItDeclares() {
        List<Measure> declared = metric().measures(settings());
        declared.forEach(measure -> assertEquals(Measure.Taken.EVALUATION, measure.taken(), measure.name()));
        assertEquals(
                declared.stream().map(Measure::name).collect(toSet()),
                measured(high()).keySet());
    }

    @Test
    void settingsAreARecordOfTheMetric() {
        assertTrue(metric().settings().isInstance(settings()));
    }

    @Test
    void itTellsHighFromLow() {
        double high = measured(high()).get(id());
        double low = measured(low()).get(id());
        assertTrue(high > low, () -> "high samples have " + high + ", low ones " + low);
    }

    @Test
    void numbersAreNamedAfterTheSeat() {
        Map<String, Double> measured = measured(high());
        assertFalse(measured.isEmpty());
        measured.forEach((name, value) -> {
            assertTrue(name.equals(id()) || name.startsWith(id() + "/"), name);
            assertTrue(Double.isFinite(value), () -> name + " is " + value);
        });
    }

    @Test
    void theSameSamplesGiveTheSameNumbers() {
        assertEquals(measured(high()), measured(high()));
        assertEquals(measured(low()), measured(low()));
    }

    /** Where words and stretches are cut by the end of a part, nothing is lost. */
    @Test
    void aTextInPartsGivesTheSameNumbers() {
        assumeTrue(data() instanceof TextDataset, "not evaluated: it is no metric of text");
        for (List<Sample> samples : List.of(high(), low())) {
            for (int units : new int[] {1, 2, 7, 100}) {
                assertEquals(
                        measured(samples, Toys.text()),
                        measured(samples, Toys.textInParts(units)),
                        () -> "parts of " + units);
            }
        }
    }

    /** What a judge keeps in a run makes it quicker at most. */
    @Test
    void theSameSamplesGiveTheSameNumbersAllTheRun() {
        try (Bench bench = new Bench(new ReferenceBackend(), models(), data(), 1)) {
            List<Map<String, Double>> measured = Stream.of(high(), low(), high())
                    .map(samples -> Bench.measured(out -> metric().measure(settings(), samples, bench, out)))
                    .toList();
            assertEquals(measured.getFirst(), measured.getLast(), "measured again after others");
        }
    }

    @Test
    void whatAsksBetweenItsPartsStops() {
        Dataset parts = data() instanceof TextDataset ? Toys.textInParts(7) : data();
        Stopping never = new Stopping(Integer.MAX_VALUE);
        measure(low(), parts, never);
        for (int after = 1; after <= Math.min(3, never.asked()); after++) {
            Stopping stopping = new Stopping(after);
            assertThrows(Stopped.class, () -> measure(low(), parts, stopping), "it goes on");
            assertEquals(after, stopping.asked(), "it stops at once");
            assertEquals(Map.of(), stopping.put(), "what was not measured to its end is no measure");
        }
    }

    @Test
    void noSamplesAreNoError() {
        measured(List.of()).forEach((name, value) -> assertTrue(Double.isFinite(value), () -> name + " is " + value));
    }
}
