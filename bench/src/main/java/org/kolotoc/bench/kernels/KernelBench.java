package org.kolotoc.bench.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.kolotoc.bench.ceiling.Ceilings;
import org.kolotoc.tensor.Explanation;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Times kernels one by one, each in a process of its own, beside the limits that the same run measured. */
public final class KernelBench {
    private static final int WARM_UPS = 6;
    private static final int ITERATIONS = 10;
    private static final int MILLISECONDS = 150;

    private static final String HEADER = String.format(
            Locale.ROOT,
            "%-27s %7s %10s %10s %9s %8s %-7s %7s  %s",
            "kernel",
            "threads",
            "best us",
            "median us",
            "GFLOP/s",
            "GB/s",
            "limit",
            "of it",
            "shapes");

    private final List<String> jvm;
    private final boolean json;
    private final Consumer<String> out;

    /** What JMH and its processes say. */
    private final Path log;

    /**
     * Ready to time.
     *
     * @param jvm options of the processes
     * @throws IOException when their log can't be made
     */
    public KernelBench(List<String> jvm, boolean json, Consumer<String> out) throws IOException {
        this.log = Files.createTempFile("kolotoc-kernels", ".log");
        this.jvm = jvm;
        this.json = json;
        this.out = out;
    }

    /** Names of all kernels. */
    public static List<String> names() {
        return KernelCase.all().stream().map(KernelCase::name).toList();
    }

    /** What precedes the lines of {@link #time}. */
    public void head(Ceilings ceilings) {
        out.accept(json ? ceilings.json() : ceilings.table() + System.lineSeparator() + HEADER);
    }

    /** Times one kernel. */
    public void time(String name, Ceilings ceilings) {
        KernelCase kernel = KernelCase.all().stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow();
        Times times = measured(name, ceilings.threads());
        double seconds = times.best();
        KernelBenchmark one = new KernelBenchmark();
        one.kernel = name;
        one.threads = ceilings.threads();
        one.compile();
        Explanation explanation = one.explain();
        one.close();
        Ceilings.Limit limit = ceilings.limit(
                explanation.flops(), explanation.bytes(), Math.min(explanation.memory(), explanation.bytes()));
        double share = limit.seconds() / seconds;
        out.accept(String.format(
                Locale.ROOT,
                json
                        ? "{\"name\": \"kernel-%s\", \"threads\": %d, \"us_best\": %.2f, \"us_median\": %.2f,"
                                + " \"gflops\": %.2f, \"gbytes_s\": %.2f, \"limit\": \"%s\", \"share\": %.4f,"
                                + " \"shapes\": \"%s\"}"
                        : "%-27s %7d %10.1f %10.1f %9.1f %8.1f %-7s %6.0f%%  %s",
                name,
                ceilings.threads(),
                seconds * 1e6,
                times.median() * 1e6,
                explanation.flops() / seconds / 1e9,
                explanation.bytes() / seconds / 1e9,
                limit.name(),
                json ? share : 100 * share,
                kernel.what()));
    }

    /** Seconds a run in the best iteration and in the median one: the ceilings are best rounds too. */
    private record Times(double best, double median) {}

    private Times measured(String name, int threads) {
        Options options = new OptionsBuilder()
                .include(KernelBenchmark.class.getName() + ".run")
                .param("kernel", name)
                .param("threads", Integer.toString(threads))
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(TimeValue.milliseconds(MILLISECONDS))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(MILLISECONDS))
                .jvmArgs(jvm.toArray(String[]::new))
                .shouldFailOnError(true)
                .output(log.toString())
                .verbosity(VerboseMode.SILENT)
                .build();
        try {
            Collection<RunResult> results = new Runner(options).run();
            Statistics statistics = results.iterator().next().getPrimaryResult().getStatistics();
            return new Times(statistics.getMin() / 1e9, statistics.getPercentile(50) / 1e9);
        } catch (RunnerException e) {
            throw new IllegalStateException("kernel " + name + " can't be timed; see " + log, e);
        }
    }
}
