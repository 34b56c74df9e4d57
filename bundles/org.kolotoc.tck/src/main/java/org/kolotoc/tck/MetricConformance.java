package org.kolotoc.tck;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Sample;

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

    private Map<String, Double> measured(List<Sample> samples) {
        return Bench.measured(out -> metric().measure(settings(), samples, data(), out));
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

    @Test
    void noSamplesAreNoError() {
        measured(List.of()).forEach((name, value) -> assertTrue(Double.isFinite(value), () -> name + " is " + value));
    }
}
