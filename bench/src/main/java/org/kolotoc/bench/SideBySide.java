package org.kolotoc.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.kolotoc.bench.ceiling.Ceilings;

/**
 * Times tasks of ours and of libtorch in one run. Both processes live all the time and take turns of a fraction of a
 * second, A B A B, so that what else the machine does meets both.
 */
final class SideBySide {
    /** A turn is long enough to fill caches and wake threads, and short beside the machine's moods. */
    private static final double TURN_MS = 200;

    /** So many turns at least, where as many steps are asked for. */
    private static final int LEAST_TURNS = 20;

    private static final int LEAST_WARM_UP = 6;

    /** What a processor does of our steps in a second, for the first guess of the time it takes. */
    private static final double FLOPS = 60e9;

    /** Seconds to start a process, for that guess. */
    private static final double START_SECONDS = 3;

    private final BenchArguments arguments;
    private final Consumer<String> out;

    /** Multiply-adds a second by the number of threads. */
    private final Map<Integer, Double> peaks = new HashMap<>();

    SideBySide(BenchArguments arguments, Consumer<String> out) {
        this.arguments = arguments;
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        for (int threads : arguments.threads()) {
            peaks.put(threads, Ceilings.multiplyAdds(threads));
        }
        List<Comparison> all = new ArrayList<>();
        List<Double> guesses = new ArrayList<>();
        arguments.tasks().forEach(task -> arguments.threads().forEach(threads -> guesses.add(guess(task, threads))));
        try (Progress progress = new Progress("bench", guesses)) {
            for (Task task : arguments.tasks()) {
                for (int threads : arguments.threads()) {
                    progress.begin(task.name() + (threads == 1 ? ", 1 thread" : ", " + threads + " threads"));
                    Comparison comparison = compare(task, threads, progress);
                    progress.clear();
                    out.accept(arguments.json() ? comparison.json() : comparison.detail());
                    all.add(comparison);
                }
            }
        }
        if (!arguments.json()) {
            out.accept(Comparison.table(all));
        }
    }

    /** Seconds that a comparison takes, about. */
    private double guess(Task task, int threads) {
        int processes = Side.PEER.process(task).environments(threads).size() + 1;
        double step = task.work().aboutFlops() / (FLOPS * threads);
        double warmUp = Math.max(arguments.warmUpSeconds(), LEAST_WARM_UP * step);
        double timed = Math.max(arguments.steps() * step, Math.min(LEAST_TURNS, arguments.steps()) * TURN_MS / 1e3);
        return processes * (START_SECONDS + warmUp + timed);
    }

    private Comparison compare(Task task, int threads, Progress progress) throws IOException, InterruptedException {
        List<WorkerProcess> processes = new ArrayList<>();
        try (CoreControl control = new CoreControl(threads)) {
            for (Side side : Side.values()) {
                for (Map<String, String> environment : side.process(task).environments(threads)) {
                    processes.add(new WorkerProcess(side, environment, task, threads, arguments.backend()));
                }
            }
            int count = warmUp(processes, progress);
            List<List<Comparison.Turn>> turns = turns(processes, count, control, progress);
            int best = 0;
            for (int i = 1; i < turns.size(); i++) {
                best = Comparison.peerMedian(turns.get(i)) < Comparison.peerMedian(turns.get(best)) ? i : best;
            }
            WorkerProcess ours = processes.getFirst();
            WorkerProcess peer = processes.get(1 + best);
            return new Comparison(
                    task,
                    threads,
                    peaks.get(threads),
                    new Comparison.Party(ours.name(), ours.report()),
                    new Comparison.Party(peer.name(), peer.report()),
                    turns.get(best));
        } finally {
            for (WorkerProcess process : processes) {
                process.close();
            }
        }
    }

    /** Turns of the first process beside each of the others, a list for each of those. */
    private List<List<Comparison.Turn>> turns(
            List<WorkerProcess> processes, int count, CoreControl control, Progress progress)
            throws IOException, InterruptedException {
        List<Long> own =
                new ArrayList<>(processes.stream().map(WorkerProcess::pid).toList());
        own.add(ProcessHandle.current().pid());
        OtherLoad load = new OtherLoad(own);
        List<List<Comparison.Turn>> turns = new ArrayList<>();
        processes.stream().skip(1).forEach(_ -> turns.add(new ArrayList<>()));
        int wanted = Math.max(Math.ceilDiv(arguments.steps(), count), Math.min(LEAST_TURNS, arguments.steps()));
        double before = control.share();
        for (int turn = 0; turn < wanted; turn++) {
            load.lap();
            List<double[]> times = new ArrayList<>();
            for (WorkerProcess process : processes) {
                times.add(process.step(count));
                progress.at(
                        Progress.WARM + (1 - Progress.WARM) * (turn + 1) / wanted, "turn " + (turn + 1) + "/" + wanted);
            }
            double others = load.lap();
            double after = control.share();
            for (int i = 1; i < times.size(); i++) {
                turns.get(i - 1)
                        .add(new Comparison.Turn(times.getFirst(), times.get(i), Math.min(before, after), others));
            }
            before = after;
        }
        return turns;
    }

    /**
     * Lets all compile and fill their caches. All take equally many steps, so that what they compute can be compared.
     *
     * @return how many steps of the fastest make a turn
     */
    private int warmUp(List<WorkerProcess> processes, Progress progress) throws IOException {
        double fastest = 0;
        double spent = 0;
        double wanted = arguments.warmUpSeconds() * 1e3;
        for (int steps = 0; steps < LEAST_WARM_UP && wanted > 0 || steps == 0 || spent < wanted; steps++) {
            fastest = Double.MAX_VALUE;
            for (WorkerProcess process : processes) {
                fastest = Math.min(fastest, process.step(1)[0]);
            }
            spent += fastest;
            double done = Math.min((steps + 1.0) / LEAST_WARM_UP, spent / Math.max(1, wanted));
            progress.at(Progress.STARTED + (Progress.WARM - Progress.STARTED) * Math.min(1, done), "warm-up");
        }
        return (int) Math.max(1, Math.round(TURN_MS / fastest));
    }
}
