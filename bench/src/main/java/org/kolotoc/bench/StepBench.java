package org.kolotoc.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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
            double[] times = warmUp(processes);
            WorkerProcess ours = processes.removeFirst();
            WorkerProcess peer = processes.removeFirst();
            double peerTime = times[1];
            for (int i = 2; i < times.length; i++) {
                WorkerProcess other = processes.removeFirst();
                boolean faster = times[i] < peerTime;
                (faster ? peer : other).close();
                peer = faster ? other : peer;
                peerTime = Math.min(peerTime, times[i]);
            }
            processes.addAll(List.of(ours, peer));
            int count = (int) Math.max(1, Math.round(TURN_MS / Math.max(times[0], peerTime)));
            List<Comparison.Turn> turns = turns(ours, peer, count, control);
            return new Comparison(
                    config,
                    threads,
                    new Comparison.Party(ours.name(), ours.report()),
                    new Comparison.Party(peer.name(), peer.report()),
                    turns);
        } finally {
            for (WorkerProcess process : processes) {
                process.close();
            }
        }
    }

    private List<Comparison.Turn> turns(WorkerProcess ours, WorkerProcess peer, int count, CoreControl control)
            throws IOException, InterruptedException {
        OtherLoad load = new OtherLoad(
                List.of(ours.pid(), peer.pid(), ProcessHandle.current().pid()));
        List<Comparison.Turn> turns = new ArrayList<>();
        double before = control.share();
        for (int steps = 0; steps < arguments.steps(); steps += count) {
            load.lap();
            double[] a = ours.step(count);
            double[] b = peer.step(count);
            double others = load.lap();
            double after = control.share();
            turns.add(new Comparison.Turn(a, b, Math.min(before, after), others));
            before = after;
        }
        return turns;
    }

    /**
     * Lets all compile and fill their caches. All take equally many steps, so that their losses can be compared.
     *
     * @return median milliseconds a step of each, over the last half
     */
    private double[] warmUp(List<WorkerProcess> processes) throws IOException {
        List<double[]> rounds = new ArrayList<>();
        double spent = 0;
        while (rounds.size() < LEAST_WARM_UP || spent < arguments.warmUpSeconds() * 1e3) {
            double[] round = new double[processes.size()];
            for (int i = 0; i < round.length; i++) {
                round[i] = processes.get(i).step(1)[0];
            }
            rounds.add(round);
            spent += Arrays.stream(round).min().orElseThrow();
        }
        List<double[]> last = rounds.subList(rounds.size() / 2, rounds.size());
        return IntStream.range(0, processes.size())
                .mapToDouble(i -> Comparison.median(
                        last.stream().mapToDouble(round -> round[i]).toArray()))
                .toArray();
    }
}
