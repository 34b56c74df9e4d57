package org.kolotoc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many processors were busy with something other than a few known processes, as the system counts it. */
final class OtherLoad {
    /** Unit of the system's counters. */
    private static final double TICK_SECONDS = 0.01;

    private final List<Long> own;
    private long since;
    private long ticks;

    /** @param own ids of the processes that do not count */
    OtherLoad(List<Long> own) throws IOException {
        this.own = own;
        lap();
    }

    /** Processors that others kept busy since the last call, on average. */
    double lap() throws IOException {
        long now = System.nanoTime();
        long other = busy();
        for (long process : own) {
            other -= used(process);
        }
        double processors = (other - ticks) * TICK_SECONDS / ((now - since) / 1e9);
        ticks = other;
        since = now;
        return Math.max(0, processors);
    }

    /** All processors' time in user, nice, system, irq and softirq. */
    private static long busy() throws IOException {
        String[] words = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
        return number(words, 1) + number(words, 2) + number(words, 3) + number(words, 6) + number(words, 7);
    }

    /** User and system time; the second field, a name in brackets, may hold anything. */
    private static long used(long process) throws IOException {
        String line = Files.readString(Path.of("/proc/" + process + "/stat"));
        String[] words = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return number(words, 11) + number(words, 12);
    }

    private static long number(String[] words, int index) {
        return Long.parseLong(words[index]);
    }
}
