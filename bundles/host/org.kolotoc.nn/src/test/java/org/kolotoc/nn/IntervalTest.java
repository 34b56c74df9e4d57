package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.kolotoc.nn.statistics.Interval;

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

    @Test
    void whatIsNoShareIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(3, 2, 0.95));
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(0, 0, 0.95));
        assertThrows(IllegalArgumentException.class, () -> Interval.wilson(1, 2, 1));
    }
}
