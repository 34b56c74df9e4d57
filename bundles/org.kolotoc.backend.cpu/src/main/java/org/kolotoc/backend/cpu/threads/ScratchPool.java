package org.kolotoc.backend.cpu.threads;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Small private memories for kernels, one for each thread that runs at the same time. */
public final class ScratchPool {
    private static final long ALIGNMENT = 64;

    private final AtomicIntegerArray taken;
    private final long base;
    private final long bytes;

    /** So many slots of at least so many bytes each. */
    public ScratchPool(int slots, long bytes, Arena arena) {
        this.taken = new AtomicIntegerArray(slots);
        this.bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        this.base = arena.allocate(Math.max(ALIGNMENT, this.bytes * slots), ALIGNMENT)
                .address();
    }

    /** A free slot; there are as many as threads, so one is found at once. */
    public int acquire() {
        while (true) {
            for (int slot = 0; slot < taken.length(); slot++) {
                if (taken.get(slot) == 0 && taken.compareAndSet(slot, 0, 1)) {
                    return slot;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** Gives a slot back. */
    public void release(int slot) {
        taken.setRelease(slot, 0);
    }

    /** The memory of a slot, aligned to 64 bytes. */
    public long address(int slot) {
        return base + slot * bytes;
    }
}
