package org.kolotoc.backend.cpu;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.kolotoc.tensor.Explanation;

/**
 * Time of every launch of a program, printed when the program is closed: for whoever makes kernels faster. On when the
 * system property {@value #PROPERTY} gives the number of first steps to leave out, in which HotSpot compiles.
 */
final class Profile {
    static final String PROPERTY = "kolotoc.profile";

    private final List<Explanation.Kernel> kernels;
    private final long warmup;
    private final long[] total;
    private final long[] least;
    private long steps;

    private Profile(List<Explanation.Kernel> kernels, long warmup) {
        this.kernels = kernels;
        this.warmup = warmup;
        this.total = new long[kernels.size()];
        this.least = new long[kernels.size()];
        Arrays.fill(least, Long.MAX_VALUE);
    }

    /** A profile of these launches, or null when none is asked for. */
    static Profile of(List<Explanation.Kernel> kernels) {
        Long warmup = Long.getLong(PROPERTY);
        return warmup == null ? null : new Profile(kernels, warmup);
    }

    void run(Work[] works) {
        boolean counts = steps++ >= warmup;
        for (int i = 0; i < works.length; i++) {
            long start = System.nanoTime();
            works[i].run();
            long taken = System.nanoTime() - start;
            if (counts) {
                total[i] += taken;
                least[i] = Math.min(least[i], taken);
            }
        }
    }

    /** Slowest launch first: mean and least microseconds, share of the step, rates at the least time. */
    String table() {
        long counted = Math.max(0, steps - warmup);
        if (counted == 0) {
            return "profile: only " + steps + " steps were run, " + PROPERTY + "=" + warmup + " leaves out all\n";
        }
        long all = LongStream.of(total).sum();
        StringBuilder table = new StringBuilder(
                String.format(Locale.ROOT, "profile of %d steps, %.3f ms a step%n", counted, all / 1e6 / counted));
        table.append("   mean us    least us   share  GFLOP/s     GB/s  launch\n");
        IntStream.range(0, total.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -total[i]))
                .forEach(i -> {
                    Explanation.Kernel kernel = kernels.get(i);
                    double nanos = Math.max(1, least[i]);
                    table.append(String.format(
                            Locale.ROOT,
                            "%10.1f  %10.1f  %5.1f%%  %7.1f  %7.1f  %s %s: %s%n",
                            total[i] / 1e3 / counted,
                            least[i] / 1e3,
                            100.0 * total[i] / all,
                            kernel.flops() / nanos,
                            kernel.bytes() / nanos,
                            kernel.kind(),
                            kernel.name(),
                            kernel.detail()));
                });
        return table.toString();
    }
}
