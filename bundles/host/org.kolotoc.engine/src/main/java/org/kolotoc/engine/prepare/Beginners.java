package org.kolotoc.engine.prepare;

import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.fill.Seats;

/** The models of an experiment, to be held against those with whose weights they begin. */
record Beginners(Experiment experiment, Seating seating, Sizing sizing, Seats seats) {
    /**
     * A model beside another.
     *
     * @param name of the model here
     * @param there what an experiment says of the other
     */
    LearnedFor of(String name, SeatRef there) {
        return new LearnedFor(
                seating.models().get(name),
                experiment.allModels().get(name).seat(),
                there,
                sizing.dimensions(name),
                seats);
    }

    /** A model beside another one here. */
    LearnedFor of(String name, String other) {
        return of(name, experiment.allModels().get(other).seat());
    }
}
