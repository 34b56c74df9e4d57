package org.kolotoc.engine.replay;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;

/**
 * Takes steps of a prepared experiment and nothing else: no evaluation, no samples, no file. A step is a function of the
 * state, the seed and its index, so whoever takes the same steps from the same state gets the same bits.
 *
 * @param bench whose state is that after the step to begin with
 * @param client may stop it
 */
record Steps(Workbench bench, Client client) {
    /** Hears of each step once it was taken, while the state is as it left it. */
    @FunctionalInterface
    interface Watcher {
        void taken(long step, Map<String, Double> measures) throws IOException;
    }

    /**
     * Takes the steps after {@code from} up to {@code to}, counted over all phases.
     *
     * @throws org.kolotoc.api.Stopped when somebody wants to stop
     */
    void take(long from, long to, Watcher watcher) throws IOException {
        long step = from;
        for (Stage stage : bench.stages()) {
            bench.begin(stage, step == bench.begin(stage.place()));
            long last = Math.min(to, bench.timeline().end(stage.place()));
            within(stage, step, last, watcher);
            step = last;
            if (step == to) {
                // The last one is not ended: the state stays as its step left it.
                return;
            }
            bench.end(stage);
        }
    }

    /** Takes steps of a phase that has begun, as {@link #take} counts them. */
    void within(Stage stage, long from, long to, Watcher watcher) throws IOException {
        long begin = bench.begin(stage.place());
        for (long step = from + 1; step <= to; step++) {
            client.requireNoStop();
            Map<String, Double> measures = new LinkedHashMap<>();
            stage.step(step - begin - 1, measures::put);
            watcher.taken(step, measures);
        }
    }
}
