package org.kolotoc.bench.ceiling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CeilingsTest {
    private static final Ceilings MADE_UP = new Ceilings(
            1,
            100e9,
            List.of(
                    new Ceilings.Memory("L2", 1, 1_000_000, 100e9, 100e9),
                    new Ceilings.Memory("L3", 1, 10_000_000, 50e9, 50e9),
                    new Ceilings.Memory("memory", 1, Long.MAX_VALUE, 10e9, 10e9)));

    @Test
    void whatTakesLongestIsTheLimit() {
        assertEquals(new Ceilings.Limit("FMA", 1e-3), MADE_UP.limit(1e8, 1000, 1000));
        assertEquals(new Ceilings.Limit("L2", 1e-5), MADE_UP.limit(0, 1e6, 1_000_000));
        assertEquals(1e7 / 50e9, MADE_UP.limit(0, 1e7, 10_000_000).seconds(), 1.1e-5);
        Ceilings.Limit half = MADE_UP.limit(0, 2e7, 20_000_000);
        assertEquals("memory", half.name());
        assertEquals(1e7 / 50e9 + 1e7 / 10e9, half.seconds(), 1e-4);
    }

    /** Bounds that any machine of this decade keeps, and that a loop which was optimised away does not. */
    @Test
    void whatIsMeasuredIsPossible() throws InterruptedException {
        Ceilings measured = Ceilings.measure(1);
        assertTrue(measured.flops() > 1e9 && measured.flops() < 1e12, measured.table());
        for (Ceilings.Memory memory : measured.memory()) {
            assertTrue(memory.copy() > 1e8 && memory.copy() < 2e12, measured.table());
            assertTrue(memory.read() > 1e8 && memory.read() < 2e12, measured.table());
        }
    }
}
