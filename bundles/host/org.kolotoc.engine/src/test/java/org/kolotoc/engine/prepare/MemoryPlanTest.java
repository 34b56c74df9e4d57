package org.kolotoc.engine.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What fits is decided to the byte. */
final class MemoryPlanTest {
    private static MemoryPlan plan(long limit) {
        return plan(limit, null);
    }

    private static MemoryPlan plan(long limit, MemoryPlan.Host host) {
        return new MemoryPlan(
                List.of(new MemoryPlan.Share("states", 60, ""), new MemoryPlan.Share("data", 40, "")),
                100,
                0,
                limit,
                "--memory",
                1_000,
                Map.of("pretrain", 100L),
                host);
    }

    @Test
    void allSharesTogetherHaveToFit() {
        assertEquals(100, plan(0).total(), "files on disk are no share");
        assertFalse(plan(60).fits());
        assertFalse(plan(99).fits());
        assertTrue(plan(100).fits());
        assertTrue(plan(101).fits());
        assertTrue(plan(0).fits(), "nobody knows the limit");
    }

    @Test
    void copiesOnTheHostHaveToFitToo() {
        assertTrue(plan(100, new MemoryPlan.Host(500, 500)).fits());
        assertFalse(plan(100, new MemoryPlan.Host(501, 500)).fits());
        assertFalse(plan(99, new MemoryPlan.Host(500, 500)).fits());
        assertTrue(plan(100, new MemoryPlan.Host(501, 0)).fits(), "nobody knows the host's");
    }
}
