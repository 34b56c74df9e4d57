package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.tensor.CounterRandom;

class IntervalTest {
    /** Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29. */
    @Test
    void sharesHaveThePublishedIntervals() {
        near(0.2553, 0.3662, Interval.wilson(81, 263, 0.95));
        near(0.0624, 0.1605, Interval.wilson(15, 148, 0.95));
        near(0, 0.1611, Interval.wilson(0, 20, 0.95));
        near(0.0061, 0.1718, Interval.wilson(1, 29, 0.95));
        near(1 - 0.1611, 1, Interval.wilson(20, 20, 0.95));
    }

    private static void near(double low, double high, Interval interval) {
        assertEquals(low, interval.low(), 5e-5);
        assertEquals(high, interval.high(), 5e-5);
    }

    /** A wrong width shows in how often the interval has the true number. */
    @Test
    void intervalsHaveTheTruthAsOftenAsTheySay() {
        int runs = 400;
        int mean = 0;
        int difference = 0;
        for (int run = 0; run < runs; run++) {
            double[] one = normals(run, "one", 1, 40);
            double[] other = normals(run, "other", 0.5, 60);
            mean += Interval.ofMean(one, 0.9, 400, new CounterRandom(run, "mean"))
                            .contains(1)
                    ? 1
                    : 0;
            Interval apart = Interval.ofDifference(one, other, 0.9, 400, new CounterRandom(run, "difference"));
            difference += apart.contains(0.5) ? 1 : 0;
        }
        assertEquals(0.9, mean / (double) runs, 0.05);
        assertEquals(0.9, difference / (double) runs, 0.05);
    }

    private static double[] normals(long seed, String stream, double mean, int count) {
        CounterRandom random = new CounterRandom(seed, stream);
        double[] values = new double[count];
        Arrays.setAll(values, i -> mean + random.normal(i));
        return values;
    }

    @Test
    void aSwappedDifferenceHasTheOtherSign() {
        Interval apart = Interval.ofDifference(
                new double[] {2, 3, 4}, new double[] {0, 1, 0}, 0.95, 1000, new CounterRandom(1, "apart"));
        Interval swapped = Interval.ofDifference(
                new double[] {0, 1, 0}, new double[] {2, 3, 4}, 0.95, 1000, new CounterRandom(1, "apart"));
        assertTrue(apart.low() > 0 && swapped.high() < 0, apart + " " + swapped);
    }

    @Test
    void whatIsNoShareIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(3, 2, 0.95));
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(0, 0, 0.95));
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(1, 2, 1));
    }
}
