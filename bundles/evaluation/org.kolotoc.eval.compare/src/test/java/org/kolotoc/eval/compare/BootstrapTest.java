package org.kolotoc.eval.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.tensor.CounterRandom;

/** Intervals hold the truth as often as they say, of few pairs too. */
class BootstrapTest {
    private static final int TRIALS = 400;

    private static double[] normal(int trial, int count) {
        CounterRandom random = new CounterRandom(11, "trial/" + trial);
        return IntStream.range(0, count).mapToDouble(random::normal).toArray();
    }

    private static Interval ofMean(double... values) {
        return Bootstrap.of(
                values.length,
                some -> IntStream.of(some).mapToDouble(i -> values[i]).average().orElseThrow());
    }

    /** Plain percentiles of five hold it in 84 of 100 cases. */
    @ParameterizedTest
    @CsvSource({"5, 0.92", "8, 0.92", "35, 0.92"})
    void theMeanIsInItAsOftenAsItSays(int count, double least) {
        long held = IntStream.range(0, TRIALS)
                .mapToObj(trial -> ofMean(normal(trial, count)))
                .filter(interval -> interval.low() <= 0 && 0 <= interval.high())
                .count();
        assertTrue(held >= least * TRIALS, held + " of " + TRIALS);
        assertTrue(held < TRIALS, "an interval that holds everything says nothing");
    }

    @Test
    void itIsTheSameEachTimeAndTurnsRoundWithTheSign() {
        double[] values = normal(0, 5);
        double[] turned = IntStream.range(0, 5).mapToDouble(i -> -values[i]).toArray();
        Interval interval = ofMean(values);
        assertEquals(interval, ofMean(values));
        assertEquals(-interval.high(), ofMean(turned).low(), 1e-12);
        assertEquals(-interval.low(), ofMean(turned).high(), 1e-12);
    }

    @Test
    void whatNeverChangesHasAnIntervalOfOnePoint() {
        assertEquals(new Interval(3, 3), ofMean(3, 3, 3, 3, 3));
    }
}
