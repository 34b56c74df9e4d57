package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.fill.SeatName;

final class ControlTest {
    /** A run lets go of its folder to show that it can be resumed; who asked for a swap meanwhile is not sent away. */
    @Test
    void aSwapOutlivesTheProofThatTheRunCanGoOn() {
        Control control = new Control(() -> false);
        CompletableFuture<Long> saving = control.save();
        Swap swap = new Swap(new SeatName("model", "any"), null, 0, false, new CompletableFuture<Swapped>());
        control.swap(swap);
        control.giveUp();
        assertTrue(saving.isCancelled(), "a save of the folder that it let go of");
        assertFalse(swap.done().isDone());
        assertEquals(swap, control.nextSwap());
    }
}
