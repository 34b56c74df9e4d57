package org.kolotoc.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    void run() throws IOException, InterruptedException {
        for (GptConfig config : arguments.configs()) {
            if (!arguments.json()) {
                out.accept("config " + config + "; fp32, AdamW, clipped; alternating turns");
                out.accept(Comparison.HEADER);
            }
            for (int threads : arguments.threads()) {
                Comparison comparison = compare(config, threads);
                out.accept(arguments.json() ? comparison.json() : comparison.table());
            }
        }
    }

    private Comparison compare(GptConfig config, int threads) throws IOException, InterruptedException {
        List<WorkerProcess> processes = new ArrayList<>();
        try (CoreControl control = new CoreControl(threads)) {
            for (Side side : Side.values()) {
                for (Map<String, String> environment : side.environments(threads)) {
                    processes.add(new WorkerProcess(side, environment, config, threads));
                }
            }
            int count = warmUp(processes);
            List<List<Comparison.Turn>> turns = turns(processes, count, control);
            int best = 0;
            for (int i = 1; i < turns.size(); i++) {
                best = Comparison.peerMedian(turns.get(i)) < Comparison.peerMedian(turns.get(best)) ? i : best;
            }
            WorkerProcess ours = processes.getFirst();
            WorkerProcess peer = processes.get(1 + best);
            return new Comparison(
                    config,
                    threads,
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
    private List<List<Comparison.Turn>> turns(List<WorkerProcess> processes, int count, CoreControl control)
            throws IOException, InterruptedException {
        List<Long> own =
                new ArrayList<>(processes.stream().map(WorkerProcess::pid).toList());
        own.add(ProcessHandle.current().pid());
        OtherLoad load = new OtherLoad(own);
        List<List<Comparison.Turn>> turns = new ArrayList<>();
        processes.stream().skip(1).forEach(_ -> turns.add(new ArrayList<>()));
        double before = control.share();
        for (int steps = 0; steps < arguments.steps(); steps += count) {
            load.lap();
            List<double[]> times = new ArrayList<>();
            for (WorkerProcess process : processes) {
                times.add(process.step(count));
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
     * Lets all compile and fill their caches. All take equally many steps, so that their losses can be compared.
     *
     * @return how many steps of the fastest make a turn
     */
    private int warmUp(List<WorkerProcess> processes) throws IOException {
        double fastest = 0;
        double spent = 0;
        for (int steps = 0; steps < LEAST_WARM_UP || spent < arguments.warmUpSeconds() * 1e3; steps++) {
            fastest = Double.MAX_VALUE;
            for (WorkerProcess process : processes) {
                fastest = Math.min(fastest, process.step(1)[0]);
            }
            spent += fastest;
        }
        return (int) Math.max(1, Math.round(TURN_MS / fastest));
    }
}
