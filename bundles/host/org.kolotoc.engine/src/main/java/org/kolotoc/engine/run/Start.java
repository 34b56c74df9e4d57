package org.kolotoc.engine.run;

import org.kolotoc.engine.state.Checkpoints.Checkpoint;

/**
 * Where a run starts.
 *
 * @param step updates that were made before
 * @param goesOn whether it goes on from a checkpoint of that step
 * @param undone whether what is due after the step is still to be done
 */
record Start(long step, boolean goesOn, boolean undone) {
    static final Start NEW = new Start(0, false, true);

    static Start after(Checkpoint checkpoint) {
        return new Start(checkpoint.step(), true, checkpoint.undone());
    }
}
