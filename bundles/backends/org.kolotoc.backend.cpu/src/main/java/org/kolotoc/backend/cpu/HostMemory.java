package org.kolotoc.backend.cpu;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DeviceFailure;

/** The memory of this process and its machine, or of the container that it is in. */
final class HostMemory {
    /** Of everything that kernels work on: a cache line, and a vector. */
    private static final long ALIGNMENT = 64;

    private static final Path STATUS = Path.of("/proc/self/status");

    /**
     * What the process takes more once programs run than when they are compiled: HotSpot's compilers at work and the code
     * they make, and the heap that a collection has not given back yet. Measured, see docs/performance.md.
     */
    private static final long STILL_TO_COME = 40_000_000;

    /** What it takes where the system does not tell: measured on Linux. */
    private static final long USUAL = 190_000_000;

    private HostMemory() {}

    static Backend.Memory now() {
        long total = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
        long resident = bytes("VmRSS:");
        return new Backend.Memory(total, (resident == 0 ? USUAL : resident) + STILL_TO_COME, bytes("VmHWM:"));
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

    /** A line of the process's status, 0 where the system has none. */
    private static long bytes(String line) {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(text -> text.startsWith(line))
                    .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }
}
