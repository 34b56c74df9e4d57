package org.kolotoc.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Times whole training steps of ours and of libtorch in one run. Both processes live all the time and take turns of a
 * fraction of a second, A B A B, so that what else the machine does meets both.
 */
final class StepBench {
    /** A turn is long enough to fill caches and wake threads, and short beside the machine's moods. */
    private static final double TURN_MS = 200;

    private static final int LEAST_WARM_UP = 3;

    private final BenchArguments arguments;
    private final Consumer<String> out;

    StepBench(BenchArguments arguments, Consumer<String> out) {
        this.arguments = arguments;
        this.out = out;
    }

    /** What one side did. {@code times}: milliseconds a step. */
    private record Times(String name, double[] times, WorkerProcess.Report report) {
        double median() {
            return StepBench.median(times);
        }

        double least() {
            return Arrays.stream(times).min().orElseThrow();
        }
    }

    /** A process and the turns it took. */
    private static final class Taken {
        final WorkerProcess worker;
        final List<double[]> turns = new ArrayList<>();

        Taken(WorkerProcess worker) {
            this.worker = worker;
        }

        double take(int steps) throws IOException {
            turns.add(worker.step(steps));
            return median(turns.getLast());
        }

        Times times() throws IOException {
            double[] all = turns.stream().flatMapToDouble(Arrays::stream).toArray();
            return new Times(worker.name(), all, worker.report());
        }
    }

    void run() throws IOException {
        for (GptConfig config : arguments.configs()) {
            if (!arguments.json()) {
                out.accept("config " + config + "; fp32, AdamW, clipped; alternating turns");
                out.accept(String.format(
                        Locale.ROOT,
                        "%7s  %-56s %10s %8s %9s %7s %8s",
                        "threads",
                        "side",
                        "median ms",
                        "min ms",
                        "tokens/s",
                        "loss",
                        "peak MB"));
            }
            for (int threads : arguments.threads()) {
                compare(config, threads);
            }
        }
    }

    private void compare(GptConfig config, int threads) throws IOException {
        try (WorkerProcess ours = new WorkerProcess(Side.OURS, config, threads);
                WorkerProcess peer = new WorkerProcess(Side.PEER, config, threads)) {
            int turn = warmUp(ours, peer);
            Taken a = new Taken(ours);
            Taken b = new Taken(peer);
            List<Double> ratios = new ArrayList<>();
            for (int steps = 0; steps < arguments.steps(); steps += turn) {
                ratios.add(a.take(turn) / b.take(turn));
            }
            double[] sorted =
                    ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            Times first = a.times();
            Times second = b.times();
            if (arguments.json()) {
                out.accept(json(config, threads, first, second));
            } else {
                row(config, threads, first);
                row(config, threads, second);
                out.accept(String.format(
                        Locale.ROOT,
                        "         ratio %.2f of the medians; of single turns %.2f to %.2f (quartiles of %d)",
                        first.median() / second.median(),
                        sorted[sorted.length / 4],
                        sorted[sorted.length * 3 / 4],
                        sorted.length));
            }
        }
    }

    /**
     * Lets both compile and fill their caches. Both always take equally many steps, so that their losses can be compared.
     *
     * @return how many steps make a turn
     */
    private int warmUp(WorkerProcess ours, WorkerProcess peer) throws IOException {
        double slowest = 0;
        double spent = 0;
        for (int steps = 0; steps < LEAST_WARM_UP || spent < arguments.warmUpSeconds() * 1e3; steps++) {
            double a = ours.step(1)[0];
            double b = peer.step(1)[0];
            slowest = Math.max(a, b);
            spent += Math.min(a, b);
        }
        return (int) Math.max(1, Math.round(TURN_MS / slowest));
    }

    private void row(GptConfig config, int threads, Times side) {
        out.accept(String.format(
                Locale.ROOT,
                "%7d  %-56s %10.2f %8.2f %9.0f %7.3f %8s",
                threads,
                side.name(),
                side.median(),
                side.least(),
                config.tokens() / side.median() * 1e3,
                side.report().loss(),
                side.report().peakBytes() == 0 ? "-" : side.report().peakBytes() >> 20));
    }

    private static String json(GptConfig config, int threads, Times ours, Times peer) {
        return String.format(
                Locale.ROOT,
                "{\"name\": \"step-%s\", \"threads\": %d, \"ms_median\": %.3f, \"ms_min\": %.3f, \"loss\": %.4f, "
                        + "\"peak_bytes\": %d, \"peer\": \"%s\", \"peer_ms_median\": %.3f, \"peer_ms_min\": %.3f, "
                        + "\"peer_loss\": %.4f, \"peer_peak_bytes\": %d, \"ratio\": %.4f}",
                config.name(),
                threads,
                ours.median(),
                ours.least(),
                ours.report().loss(),
                ours.report().peakBytes(),
                peer.name(),
                peer.median(),
                peer.least(),
                peer.report().loss(),
                peer.report().peakBytes(),
                ours.median() / peer.median());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
