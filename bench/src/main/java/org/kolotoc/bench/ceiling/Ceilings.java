package org.kolotoc.bench.ceiling;

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
     * @param copy bytes read and bytes written a second, together
     * @param read bytes read a second
     */
    public record Memory(String place, long bytes, double copy, double read) {}

    /** Which limit holds something back, and the least seconds it takes there. */
    public record Limit(String name, double seconds) {}

    /** One round of work on a thread; says how much was done. */
    interface Round {
        long run();
    }

    /** Measures; takes some seconds. */
    public static Ceilings measure(int threads) throws InterruptedException {
        double flops = best(threads, () -> MultiplyAdds::run);
        List<Memory> memory = new ArrayList<>();
        memory.add(memory(threads, "L2", 256 << 10));
        memory.add(memory(threads, "L3", 4 << 20));
        memory.add(memory(threads, "memory", 128 << 20));
        return new Ceilings(threads, flops, memory);
    }

    private static Memory memory(int threads, String place, int bytes) throws InterruptedException {
        double copy = best(threads, () -> Streams.copying(bytes));
        double read = best(threads, () -> Streams.reading(bytes));
        return new Memory(place, bytes, copy, read);
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
     * The limit of work that touches so many bytes once.
     *
     * @param footprint bytes that lie somewhere between two runs, shared by the threads
     */
    public Limit limit(double operations, double bytes, long footprint) {
        Memory place = memory.stream()
                .filter(m -> footprint <= 2 * m.bytes() * threads)
                .findFirst()
                .orElse(memory.getLast());
        double computing = operations / flops;
        double moving = bytes / place.copy();
        return computing >= moving ? new Limit("FMA", computing) : new Limit(place.place(), moving);
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
