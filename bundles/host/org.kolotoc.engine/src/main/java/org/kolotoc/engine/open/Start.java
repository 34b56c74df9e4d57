package org.kolotoc.engine.open;

import org.kolotoc.engine.state.Checkpoints.Checkpoint;

/**
 * Where a run starts.
 *
 * @param step updates that were made before
 * @param goesOn whether it goes on from a checkpoint of that step
 * @param undone whether what is due after the step is still to be done
 */
public record Start(long step, boolean goesOn, boolean undone) {
    public static final Start NEW = new Start(0, false, true);

    public static Start after(Checkpoint checkpoint) {
        return new Start(checkpoint.step(), true, checkpoint.undone());
    }
}
