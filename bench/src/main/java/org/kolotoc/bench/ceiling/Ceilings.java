package org.kolotoc.bench.ceiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The machine's limits for so many threads at once, each the best of many short rounds: a ceiling is what the cores can
 * do, not what they did while somebody else used them.
 *
 * @param flops multiply-adds on registers, {@code f32}, counted as two operations
 * @param memory by the size of what is touched, smallest first
 */
public record Ceilings(int threads, double flops, List<Memory> memory) {
    /** A measurement ends when no round was better for so long, by so much. */
    private static final long NANOSECONDS = 1_500_000_000;

    private static final double BETTER = 1.01;

    /**
     * Bandwidth of data of one size.
     *
     * @param place where such data lies
     * @param bytes that one thread touches
     * @param holds bytes that have room there, of all threads
     * @param copy bytes read and bytes written a second, together
     * @param read bytes read a second
     */
    public record Memory(String place, long bytes, long holds, double copy, double read) {}

    /** Which limit holds something back, and the least seconds it takes there. */
    public record Limit(String name, double seconds) {}

    /** One round of work on a thread; says how much was done. */
    interface Round {
        long run();
    }

    /** Measures; takes some seconds. */
    public static Ceilings measure(int threads) throws InterruptedException {
        double flops = multiplyAdds(threads);
        List<Memory> memory = new ArrayList<>();
        memory.add(memory(threads, "L2", 256 << 10, threads * cache(2, 1 << 20)));
        memory.add(memory(threads, "L3", 4 << 20, cache(3, 16 << 20)));
        memory.add(memory(threads, "memory", 128 << 20, Long.MAX_VALUE));
        return new Ceilings(threads, flops, memory);
    }

    /** {@link #flops} alone. */
    public static double multiplyAdds(int threads) throws InterruptedException {
        return best(threads, () -> MultiplyAdds::run);
    }

    private static Memory memory(int threads, String place, int bytes, long holds) throws InterruptedException {
        double copy = best(threads, () -> Streams.copying(bytes));
        double read = best(threads, () -> Streams.reading(bytes));
        return new Memory(place, bytes, holds, copy, read);
    }

    /** Bytes that a cache of the first core holds, as Linux tells; {@code usual} where it does not. */
    private static long cache(int level, long usual) {
        Path folder = Path.of("/sys/devices/system/cpu/cpu0/cache/index" + level);
        try {
            String size = Files.readString(folder.resolve("size")).strip();
            boolean right = Files.readString(folder.resolve("level")).strip().equals(Integer.toString(level));
            return right && size.endsWith("K") ? Long.parseLong(size.substring(0, size.length() - 1)) << 10 : usual;
        } catch (IOException | NumberFormatException _) {
            return usual;
        }
    }

    /** Work a second of all threads together in the best round. */
    private static double best(int threads, Supplier<Round> work) throws InterruptedException {
        long[] done = new long[threads];
        long[] began = new long[threads];
        long[] ended = new long[threads];
        double[] best = new double[1];
        long[] end = new long[1];
        boolean[] over = new boolean[1];
        Meeting meeting = new Meeting(threads);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            all.add(Thread.ofPlatform().daemon().start(() -> {
                Round round = work.get();
                while (true) {
                    meeting.await();
                    if (over[0]) {
                        return;
                    }
                    began[thread] = System.nanoTime();
                    done[thread] = round.run();
                    ended[thread] = System.nanoTime();
                    meeting.await();
                    if (thread == 0) {
                        long first = LongStream.of(began).min().orElseThrow();
                        long last = LongStream.of(ended).max().orElseThrow();
                        double rate = LongStream.of(done).sum() * 1e9 / (last - first);
                        if (rate > BETTER * best[0]) {
                            end[0] = last + NANOSECONDS;
                        }
                        best[0] = Math.max(best[0], rate);
                        over[0] = last > end[0];
                    }
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        return best[0];
    }

    /** Threads that begin together: they wait by spinning, as a thread that sleeps wakes too late for a short round. */
    private static final class Meeting {
        private final int threads;
        private final AtomicLong arrivals = new AtomicLong();

        Meeting(int threads) {
            this.threads = threads;
        }

        void await() {
            long wanted = (arrivals.getAndIncrement() / threads + 1) * threads;
            while (arrivals.get() < wanted) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * The limit of work that goes over its data once and is done again and again. Of data larger than the L3 so much
     * may still lie there as it holds.
     *
     * @param footprint bytes of the data
     */
    public Limit limit(double operations, double bytes, long footprint) {
        double computing = operations / flops;
        double moving = bytes / memory.getLast().copy();
        String place = memory.getLast().place();
        for (Memory cache : memory.subList(0, memory.size() - 1).reversed()) {
            double within = Math.min(1, (double) cache.holds() / footprint);
            moving = (1 - within) * moving + within * bytes / cache.copy();
            place = within == 1 ? cache.place() : place;
        }
        return computing >= moving ? new Limit("FMA", computing) : new Limit(place, moving);
    }

    /** A line each, for a person. */
    public String table() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT, "%-30s %3d %8.1f GFLOP/s%n", "multiply-add f32, threads", threads, flops / 1e9));
        for (Memory m : memory) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-30s %3d %8.1f GB/s copied (read and written), %.1f GB/s read%n",
                    m.place() + " (" + (m.bytes() >> 10) + " KiB each), threads",
                    threads,
                    m.copy() / 1e9,
                    m.read() / 1e9));
        }
        return table.toString().stripTrailing();
    }

    /** A line each: name, threads, value, unit. */
    public String json() {
        StringBuilder lines = new StringBuilder(line("fma-f32", flops, "GFLOP/s"));
        for (Memory m : memory) {
            lines.append(line("copy-" + m.place(), m.copy(), "GB/s"))
                    .append(line("read-" + m.place(), m.read(), "GB/s"));
        }
        return lines.toString().stripTrailing();
    }

    private String line(String name, double value, String unit) {
        return String.format(
                Locale.ROOT,
                "{\"name\": \"ceiling-%s\", \"threads\": %d, \"value\": %.2f, \"unit\": \"%s\"}%n",
                name,
                threads,
                value / 1e9,
                unit);
    }
}
