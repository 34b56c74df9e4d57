package org.kolotoc.engine.replay;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.Training;
import org.kolotoc.engine.Workbench;

/**
 * Takes steps of a prepared experiment and nothing else: no evaluation, no samples, no file. A step is a function of the
 * state, the seed and its index, so whoever takes the same steps from the same state gets the same bits.
 *
 * @param bench whose state is that after the step to begin with
 * @param stop whether somebody wants to stop
 */
record Steps(Workbench bench, BooleanSupplier stop) {
    /** Hears of each step once it was taken, while the state is as it left it. */
    @FunctionalInterface
    interface Watcher {
        void taken(long step, Map<String, Double> measures) throws IOException;
    }

    /**
     * Takes the steps after {@code from} up to {@code to}, counted over all phases.
     *
     * @throws Stopped when somebody wants to stop
     */
    void take(long from, long to, Watcher watcher) throws IOException {
        for (long step = from + 1; step <= to; step++) {
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
            int phase = bench.phaseOf(step);
            Training training = bench.trainings().get(phase);
            Map<String, Double> measures = new LinkedHashMap<>();
            training.step(step - bench.begin(phase) - 1, measures::put);
            watcher.taken(step, measures);
        }
    }
}
