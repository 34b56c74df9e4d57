package org.kolotoc.api;

import java.util.List;

/** A training given as its parts. */
record TrainingParts(List<BoundProgram> programs, Step take, Evaluation measure) implements Training {
    @Override
    public void step(long index, Measurements out) {
        take.take(index, out);
    }

    @Override
    public void evaluate(Measurements out) {
        measure.measure(out);
    }

    @Override
    public void close() {
        programs.forEach(BoundProgram::close);
    }
}
