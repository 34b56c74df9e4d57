package org.kolotoc.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;

/**
 * A backend whose programs print the time of every launch when they are closed, for whoever makes kernels faster with a
 * {@link Worker} alone.
 *
 * @param warmUp first runs of a program that are left out, in which HotSpot compiles
 */
record ProfiledBackend(Backend backend, long warmUp) implements ForwardingBackend {
    /** System property: the number of first runs to leave out. Without it nothing is measured. */
    static final String PROPERTY = "kolotoc.profile";

    /** The backend, measured if that is asked for. */
    static Backend of(Backend backend) {
        Long warmUp = Long.getLong(PROPERTY);
        return warmUp == null ? backend : new ProfiledBackend(backend, warmUp);
    }

    @Override
    public Executable compile(Program program) {
        return new Measured(backend.compile(program), warmUp);
    }

    private static final class Measured implements Executable {
        private final Executable executable;
        private final long warmUp;
        private final long[] times;
        private final long[] total;
        private final long[] least;
        private long runs;
        private boolean closed;

        Measured(Executable executable, long warmUp) {
            this.executable = executable;
            this.warmUp = warmUp;
            int kernels = executable.explain().kernels().size();
            this.times = new long[kernels];
            this.total = new long[kernels];
            this.least = new long[kernels];
            Arrays.fill(least, Long.MAX_VALUE);
        }

        @Override
        public Step bind(Map<String, Buffer> buffers) {
            Step step = executable.bind(buffers);
            return () -> {
                step.run(times);
                if (runs++ >= warmUp) {
                    for (int i = 0; i < times.length; i++) {
                        total[i] += times[i];
                        least[i] = Math.min(least[i], times[i]);
                    }
                }
            };
        }

        @Override
        public Explanation explain() {
            return executable.explain();
        }

        @Override
        public void close() {
            if (!closed && runs > warmUp) {
                System.err.print(table());
            }
            closed = true;
            executable.close();
        }

        /** Slowest launch first: mean and least microseconds, share of the step, rates at the least time. */
        private String table() {
            long counted = runs - warmUp;
            long all = LongStream.of(total).sum();
            List<Explanation.Kernel> kernels = executable.explain().kernels();
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
}
