package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Small private memories for kernels, one for each thread that runs at the same time. */
final class ScratchPool {
    private final AtomicIntegerArray taken;
    private final long base;
    private final long bytes;

    ScratchPool(int slots, long bytes, Arena arena) {
        this.taken = new AtomicIntegerArray(slots);
        this.bytes = (bytes + CpuBuffer.ALIGNMENT - 1) / CpuBuffer.ALIGNMENT * CpuBuffer.ALIGNMENT;
        this.base = arena.allocate(Math.max(CpuBuffer.ALIGNMENT, this.bytes * slots), CpuBuffer.ALIGNMENT)
                .address();
    }

    /** A free slot; there are as many as threads, so one is found at once. */
    int acquire() {
        while (true) {
            for (int slot = 0; slot < taken.length(); slot++) {
                if (taken.get(slot) == 0 && taken.compareAndSet(slot, 0, 1)) {
                    return slot;
                }
            }
            Thread.onSpinWait();
        }
    }

    void release(int slot) {
        taken.setRelease(slot, 0);
    }

    long address(int slot) {
        return base + slot * bytes;
    }
}
