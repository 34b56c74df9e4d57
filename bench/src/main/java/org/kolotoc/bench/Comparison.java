package org.kolotoc.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What both sides did in one run.
 *
 * @param peak multiply-adds a second of so many threads on registers, each counted as two operations
 */
record Comparison(Task task, int threads, double peak, Party ours, Party peer, List<Turn> turns) {
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

    /** What happened, for a person. */
    String detail() {
        List<Turn> calm = undisturbed();
        double[] ratios = turns.stream()
                .mapToDouble(turn -> task.ratio(median(turn.ours()), median(turn.peer())))
                .sorted()
                .toArray();
        return task + "; " + threads + (threads == 1 ? " thread" : " threads")
                + String.format(
                        Locale.ROOT,
                        "%n%-54s %10s %9s %10s %8s %8s %8s%n",
                        "side",
                        "median ms",
                        "min ms",
                        task.work().unit() + "/s",
                        "of FMA",
                        task.work().answer().word(),
                        "peak MB")
                + row(ours, steps(turns, Turn::ours), task.work())
                + row(peer, steps(turns, Turn::peer), task.peerWork())
                + String.format(
                        Locale.ROOT,
                        "  ratio %.2f; of single turns %.2f to %.2f (quartiles of %d)%n",
                        ratio(turns),
                        ratios[ratios.length / 4],
                        ratios[ratios.length * 3 / 4],
                        ratios.length)
                + (calm.size() < LEAST_TURNS
                        ? String.format(
                                Locale.ROOT,
                                "  not to be trusted: %d of %d turns undisturbed; other processes took %.1f processors,"
                                        + " and %.0f %% of the cores' units were there%n",
                                calm.size(),
                                turns.size(),
                                median(turns.stream().mapToDouble(Turn::others).toArray()),
                                100
                                        * median(turns.stream()
                                                .mapToDouble(Turn::share)
                                                .toArray()))
                        : String.format(
                                Locale.ROOT,
                                "  ratio %.2f in the %d turns that had the cores to themselves: %.2f and %.2f ms%n",
                                ratio(calm),
                                calm.size(),
                                median(steps(calm, Turn::ours)),
                                median(steps(calm, Turn::peer))))
                + (same()
                        ? ""
                        : "  the two made different " + task.work().answer().word() + "\n");
    }

    /** Where both begin with the same. */
    private boolean same() {
        return task.work().answer().agree(ours.report().answer(), peer.report().answer());
    }

    private String row(Party party, double[] times, Work work) {
        return String.format(
                Locale.ROOT,
                "%-54s %10.2f %9.2f %10.0f %7.0f%% %8s %8s%n",
                party.name(),
                median(times),
                least(times),
                speed(times, work),
                100 * share(party, times),
                work.answer().told(party.report().answer()),
                party.report().peakBytes() == 0 ? "-" : party.report().peakBytes() >> 20);
    }

    private static double speed(double[] times, Work work) {
        return work.items() / median(times) * 1e3;
    }

    /**
     * Of the multiply-adds that the processor can do in the median time, those that the step consists of. Libtorch counts none:
     * it does the same mathematics.
     */
    private double share(Party party, double[] times) {
        double flops = party.report().flops();
        return (flops == 0 ? ours.report().flops() : flops) / (median(times) / 1e3) / peak;
    }

    /** Ours, theirs, the ratio and what is wanted, a line each. */
    static String table(List<Comparison> all) {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT, "%-24s %7s %10s %10s %6s  %s%n", "", "threads", "ours", "beside", "ratio", "wanted"));
        for (Comparison comparison : all) {
            double[] ours = steps(comparison.turns, Turn::ours);
            double[] peer = steps(comparison.turns, Turn::peer);
            Work work = comparison.task.work();
            boolean time = work.trains();
            comparison.line(
                    table,
                    comparison.task.name() + (time ? ", ms" : ", " + work.unit() + "/s"),
                    time ? median(ours) : speed(ours, work),
                    time ? median(peer) : speed(peer, comparison.task.peerWork()),
                    comparison.ratio(comparison.turns),
                    comparison.task.wanted());
        }
        for (Comparison comparison : all) {
            if (comparison.task.memory() != null && comparison.peakRatio() > 0) {
                comparison.line(
                        table,
                        comparison.task.name() + ", peak MB",
                        comparison.ours.report().peakBytes() / 0x1p20,
                        comparison.peer.report().peakBytes() / 0x1p20,
                        comparison.peakRatio(),
                        comparison.task.memory());
            }
        }
        return table.toString().stripTrailing();
    }

    private void line(StringBuilder table, String what, double ours, double peer, double ratio, Task.Limit wanted) {
        table.append(String.format(
                Locale.ROOT,
                "%-24s %7d %10.1f %10.1f %6.2f  %s%n",
                what,
                threads,
                ours,
                peer,
                ratio,
                wanted == null ? "-" : wanted + (wanted.met(ratio) ? "  reached" : "  missed")));
    }

    /** Most memory that ours held, as a share of theirs; 0 where the system does not tell. */
    private double peakRatio() {
        long theirs = peer.report().peakBytes();
        return theirs == 0 ? 0 : (double) ours.report().peakBytes() / theirs;
    }

    /**
     * One object on one line. {@code ratio} is that of times for a step, of speeds for generation;
     * {@code undisturbed_ratio} is null when there were too few such turns.
     */
    String json() {
        List<Turn> calm = undisturbed();
        return String.format(
                Locale.ROOT,
                "{\"name\": \"%s\", \"threads\": %d, %s, \"peer\": \"%s\", %s, \"ratio\": %.4f, \"wanted\": %s, "
                        + "\"peak_ratio\": %.4f, \"steps\": %d, \"turns\": %d, "
                        + "\"undisturbed_turns\": %d, \"undisturbed_ratio\": %s, \"others\": %.2f}",
                task.name(),
                threads,
                json("", ours, steps(turns, Turn::ours), task.work()),
                peer.name(),
                json("peer_", peer, steps(turns, Turn::peer), task.peerWork()),
                ratio(turns),
                task.wanted() == null ? "null" : '"' + task.wanted().toString() + '"',
                peakRatio(),
                steps(turns, Turn::ours).length,
                turns.size(),
                calm.size(),
                calm.size() < LEAST_TURNS ? "null" : String.format(Locale.ROOT, "%.4f", ratio(calm)),
                median(turns.stream().mapToDouble(Turn::others).toArray()));
    }

    private String json(String prefix, Party party, double[] times, Work work) {
        return String.format(
                Locale.ROOT,
                "\"%1$sms_median\": %2$.3f, \"%1$sms_min\": %3$.3f, \"%1$s%8$s_s\": %4$.1f, \"%1$s%5$s\": %6$s, "
                        + "\"%1$speak_bytes\": %7$d, \"%1$sfma_share\": %9$.3f",
                prefix,
                median(times),
                least(times),
                speed(times, work),
                work.answer().word(),
                party.report().answer(),
                party.report().peakBytes(),
                work.unit(),
                share(party, times));
    }

    /** Median milliseconds of the other side's steps. */
    static double peerMedian(List<Turn> turns) {
        return median(steps(turns, Turn::peer));
    }

    private List<Turn> undisturbed() {
        return turns.stream().filter(Turn::undisturbed).toList();
    }

    private double ratio(List<Turn> turns) {
        return task.ratio(median(steps(turns, Turn::ours)), median(steps(turns, Turn::peer)));
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
