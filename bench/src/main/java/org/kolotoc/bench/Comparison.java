package org.kolotoc.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What both sides did in one run. */
record Comparison(GptConfig config, int threads, Party ours, Party peer, List<Turn> turns) {
    /** A turn is undisturbed when so much of the cores was there before and after it, */
    private static final double SHARE = 0.9;

    /** and other processes took no more than so much of a processor during it. */
    private static final double OTHERS = 0.1;

    /** Fewer undisturbed turns say nothing. */
    private static final int LEAST_TURNS = 5;

    record Party(String name, WorkerProcess.Report report) {}

    /**
     * The same steps of both sides, one right after the other.
     *
     * @param ours milliseconds a step
     * @param peer milliseconds a step
     * @param share of the cores that was there, see {@link CoreControl}
     * @param others processors that other processes kept busy meanwhile
     */
    record Turn(double[] ours, double[] peer, double share, double others) {
        boolean undisturbed() {
            return share >= SHARE && others <= OTHERS;
        }
    }

    static final String HEADER = String.format(
            Locale.ROOT,
            "%7s  %-56s %10s %8s %9s %7s %8s",
            "threads",
            "side",
            "median ms",
            "min ms",
            "tokens/s",
            "loss",
            "peak MB");

    String table() {
        List<Turn> calm = undisturbed();
        double[] ratios = turns.stream()
                .mapToDouble(turn -> median(turn.ours()) / median(turn.peer()))
                .sorted()
                .toArray();
        return row(ours, steps(turns, Turn::ours))
                + row(peer, steps(turns, Turn::peer))
                + String.format(
                        Locale.ROOT,
                        "         ratio %.2f; of single turns %.2f to %.2f (quartiles of %d)%n",
                        ratio(turns),
                        ratios[ratios.length / 4],
                        ratios[ratios.length * 3 / 4],
                        ratios.length)
                + (calm.size() < LEAST_TURNS
                        ? String.format(
                                Locale.ROOT,
                                "         not to be trusted: other processes took %.1f processors; %d turns"
                                        + " undisturbed",
                                median(turns.stream().mapToDouble(Turn::others).toArray()),
                                calm.size())
                        : String.format(
                                Locale.ROOT,
                                "         ratio %.2f in the %d turns that had the cores to themselves: %.2f and %.2f"
                                        + " ms",
                                ratio(calm),
                                calm.size(),
                                median(steps(calm, Turn::ours)),
                                median(steps(calm, Turn::peer))));
    }

    private String row(Party party, double[] times) {
        long peak = party.report().peakBytes();
        return String.format(
                Locale.ROOT,
                "%7d  %-56s %10.2f %8.2f %9.0f %7.3f %8s%n",
                threads,
                party.name(),
                median(times),
                least(times),
                config.tokens() / median(times) * 1e3,
                party.report().loss(),
                peak == 0 ? "-" : peak >> 20);
    }

    /** One object on one line. {@code undisturbed_ratio} is null when there were too few such turns. */
    String json() {
        List<Turn> calm = undisturbed();
        return String.format(
                Locale.ROOT,
                "{\"name\": \"step-%s\", \"threads\": %d, %s, \"peer\": \"%s\", %s, \"ratio\": %.4f, \"turns\": %d, "
                        + "\"undisturbed_turns\": %d, \"undisturbed_ratio\": %s, \"others\": %.2f}",
                config.name(),
                threads,
                json("", ours, steps(turns, Turn::ours)),
                peer.name(),
                json("peer_", peer, steps(turns, Turn::peer)),
                ratio(turns),
                turns.size(),
                calm.size(),
                calm.size() < LEAST_TURNS ? "null" : String.format(Locale.ROOT, "%.4f", ratio(calm)),
                median(turns.stream().mapToDouble(Turn::others).toArray()));
    }

    private static String json(String prefix, Party party, double[] times) {
        return String.format(
                Locale.ROOT,
                "\"%1$sms_median\": %2$.3f, \"%1$sms_min\": %3$.3f, \"%1$sloss\": %4$.4f, \"%1$speak_bytes\": %5$d",
                prefix,
                median(times),
                least(times),
                party.report().loss(),
                party.report().peakBytes());
    }

    /** Median milliseconds of the other side's steps. */
    static double peerMedian(List<Turn> turns) {
        return median(steps(turns, Turn::peer));
    }

    private List<Turn> undisturbed() {
        return turns.stream().filter(Turn::undisturbed).toList();
    }

    private static double ratio(List<Turn> turns) {
        return median(steps(turns, Turn::ours)) / median(steps(turns, Turn::peer));
    }

    private static double[] steps(List<Turn> turns, Function<Turn, double[]> side) {
        return turns.stream().map(side).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
