package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CounterRandomTest {
    /** The known answers that Random123 (Salmon et al. 2011) publishes for Threefry-2x32 with 20 rounds. */
    @Test
    void theBlockFunctionGivesThePublishedAnswers() {
        assertBits(0x6B200159, 0x99BA4EFE, CounterRandom.bits(0, 0, 0, 0));
        assertBits(0x1CB996FC, 0xBB002BE7, CounterRandom.bits(-1, -1, -1, -1));
        assertBits(0xC4923A9C, 0x483DF7A0, CounterRandom.bits(0x13198A2E, 0x03707344, 0x243F6A88, 0x85A308D3));
    }

    private static void assertBits(int first, int second, long bits) {
        assertEquals(first, (int) bits);
        assertEquals(second, (int) (bits >>> 32));
    }
}
