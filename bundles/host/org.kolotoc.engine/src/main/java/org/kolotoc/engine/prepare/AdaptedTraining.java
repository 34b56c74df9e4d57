package org.kolotoc.engine.prepare;

import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Training;

/**
 * A training under an adapter: after each of its steps the model is what the adapter makes of it.
 *
 * @param merging writes it
 */
record AdaptedTraining(Training training, BoundProgram merging) implements Training {
    @Override
    public void step(long index, Measurements out) {
        training.step(index, out);
        merging.run();
    }

    @Override
    public void evaluate(Measurements out) {
        training.evaluate(out);
    }

    @Override
    public void close() {
        training.close();
        merging.close();
    }
}
