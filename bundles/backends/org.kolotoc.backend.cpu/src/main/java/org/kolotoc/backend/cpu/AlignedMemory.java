package org.kolotoc.backend.cpu;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.kolotoc.tensor.DeviceFailure;

/** Memory outside the heap, as kernels want it. */
final class AlignedMemory {
    /** Of everything that kernels work on: a cache line, and a vector. */
    private static final long ALIGNMENT = 64;

    private AlignedMemory() {}

    /** Bytes of the machine, or of the container that this process is in; 0 when nobody knows. */
    static long total() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** Bytes rounded up to where the next of its kind may begin. */
    static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** What {@link #allocate} takes for so many bytes. */
    static long allocated(long bytes) {
        return aligned(bytes) + ALIGNMENT;
    }

    /**
     * Zeroed memory at an address that is a multiple of 64, as long as the arena lives. A vector may be read from where any
     * of its elements lies: behind the last there is memory too.
     *
     * @param what it is for, for the message
     * @throws DeviceFailure when there is none
     */
    static MemorySegment allocate(Arena arena, long bytes, String what) {
        try {
            return arena.allocate(allocated(bytes), ALIGNMENT);
        } catch (OutOfMemoryError e) {
            throw new DeviceFailure(
                    "there is no memory for " + what + ": " + bytes + " bytes (" + e.getMessage() + ")", e);
        }
    }
}
