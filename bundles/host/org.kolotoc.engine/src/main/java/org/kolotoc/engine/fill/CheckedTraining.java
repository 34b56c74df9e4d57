package org.kolotoc.engine.fill;

import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.Training;

/** A training whose failures name its phase, and that measures what the phase declared. */
record CheckedTraining(Occupant occupant, Declared declared, Training training) implements Training {
    @Override
    public void step(long index, Measurements out) {
        Measurements only = declared.only(out, Measure.Taken.STEP, Measure.Taken.WORK);
        String doing = "took its step " + (index + 1);
        try {
            occupant.run(doing, () -> training.step(index, only));
        } catch (Stopped e) {
            // A step is asked by nobody whether it wants to stop, and half of one must not be saved.
            throw PluginFailure.thrown(occupant, doing, e);
        }
    }

    @Override
    public void evaluate(Measurements out) {
        Measurements only = declared.only(out, Measure.Taken.EVALUATION);
        occupant.run("evaluated", () -> training.evaluate(only));
    }

    @Override
    public void close() {
        occupant.run("closed", training::close);
    }
}
