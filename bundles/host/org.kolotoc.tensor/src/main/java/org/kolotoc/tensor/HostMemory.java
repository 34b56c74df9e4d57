package org.kolotoc.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process. */
public final class HostMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    /**
     * What the process takes more once programs run than when they are compiled: HotSpot's compilers at work and the code
     * they make, and the heap that a collection has not given back yet. Measured, see docs/performance.md.
     */
    private static final long STILL_TO_COME = 40_000_000;

    /** What it takes where the system does not tell: measured on Linux. */
    private static final long USUAL = 190_000_000;

    private HostMemory() {}

    /**
     * What it takes and will take beside tensors, and the most that it ever took.
     *
     * @param total bytes of the machine, or of the container that it is in; 0 when nobody knows
     */
    public static Backend.Memory now(long total) {
        long resident = bytes("VmRSS:");
        return new Backend.Memory(total, (resident == 0 ? USUAL : resident) + STILL_TO_COME, bytes("VmHWM:"));
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
