package org.kolotoc.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        try (WorkerProcess ours = new WorkerProcess(Side.OURS, config, threads);
                WorkerProcess peer = new WorkerProcess(Side.PEER, config, threads);
                CoreControl control = new CoreControl(threads)) {
            int count = warmUp(ours, peer);
            List<Comparison.Turn> turns = new ArrayList<>();
            double before = control.share();
            for (int steps = 0; steps < arguments.steps(); steps += count) {
                double[] a = ours.step(count);
                double[] b = peer.step(count);
                double after = control.share();
                turns.add(new Comparison.Turn(a, b, Math.min(before, after)));
                before = after;
            }
            return new Comparison(
                    config,
                    threads,
                    new Comparison.Party(ours.name(), ours.report()),
                    new Comparison.Party(peer.name(), peer.report()),
                    turns);
        }
    }

    /**
     * Lets both compile and fill their caches. Both always take equally many steps, so that their losses can be compared.
     *
     * @return how many steps make a turn
     */
    private int warmUp(WorkerProcess ours, WorkerProcess peer) throws IOException {
        double slower = 0;
        double spent = 0;
        for (int steps = 0; steps < LEAST_WARM_UP || spent < arguments.warmUpSeconds() * 1e3; steps++) {
            double a = ours.step(1)[0];
            double b = peer.step(1)[0];
            slower = Math.max(a, b);
            spent += Math.min(a, b);
        }
        return (int) Math.max(1, Math.round(TURN_MS / slower));
    }
}
