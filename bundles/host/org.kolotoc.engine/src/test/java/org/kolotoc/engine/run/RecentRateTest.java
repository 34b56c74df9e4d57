package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecentRateTest {
    /** 100 in a step of 10 ms. */
    private static RecentRate steady() {
        RecentRate rate = new RecentRate();
        for (int step = 0; step < 1000; step++) {
            rate.after(100, 0.01);
        }
        return rate;
    }

    @Test
    void aSlowStepDoesNotTurnItOver() {
        assertEquals(10_000, steady().after(100, 0.01), 1e-6);
        double slow = steady().after(100, 1);
        assertTrue(slow > 7_000 && slow < 9_000, slow + ", where that step alone has 100");
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        RecentRate rate = steady();
        double slower = 0;
        for (int step = 0; step < 1000; step++) {
            slower = rate.after(100, 0.02);
        }
        assertEquals(5_000, slower, 200);
    }

    @Test
    void theFirstStepCompiles() {
        RecentRate rate = new RecentRate();
        assertEquals(20, rate.after(100, 5), 1e-9);
        assertEquals(10_000, rate.after(100, 0.01), 1e-6);
    }
}
