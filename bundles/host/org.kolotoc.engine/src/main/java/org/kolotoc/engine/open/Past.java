package org.kolotoc.engine.open;

import java.util.Map;
import java.util.function.LongFunction;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.Snapshot;

/**
 * What a run goes on from.
 *
 * @param step that was taken last
 * @param undone whether what is due after it is still to be done
 * @param frozen hashes of the weights that were kept at ends of phases, by {@code model@phase}
 * @param at what the train state was after an earlier step
 */
public record Past(
        Snapshot snapshot, long step, boolean undone, Map<String, String> frozen, LongFunction<Snapshot> at) {
    /** That of a checkpoint, with its run's others. */
    public static Past of(Checkpoint checkpoint, Checkpoints checkpoints) {
        return new Past(
                checkpoint.snapshot(), checkpoint.step(), checkpoint.undone(), checkpoint.frozen(), checkpoints::state);
    }

    /** Whether a phase that ends after a step has nothing left to do. */
    public boolean isOver(long end) {
        return end < step || end == step && !undone;
    }
}
