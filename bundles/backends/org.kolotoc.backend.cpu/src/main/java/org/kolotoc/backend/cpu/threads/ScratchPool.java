package org.kolotoc.backend.cpu.threads;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Small private memories for kernels, one for each thread that runs at the same time. */
public final class ScratchPool {
    private final AtomicIntegerArray taken;
    private final long base;
    private final long bytes;

    /** So many slots of so many bytes each, one after the other from an address on. */
    public ScratchPool(int slots, long bytes, long address) {
        this.taken = new AtomicIntegerArray(slots);
        this.bytes = bytes;
        this.base = address;
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

    /** The memory of a slot. */
    public long address(int slot) {
        return base + slot * bytes;
    }
}
