package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.Training;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.fill.PhaseSeat;

/**
 * A prepared phase of a run. Its programs take memory from its first step to its end.
 *
 * @param place among the phases
 */
public record Stage(int place, PhasePlan plan, PhaseSeat seat, Scope scope, Training training)
        implements AutoCloseable {
    /** Gives back its programs and its states. */
    @Override
    public void close() {
        List<Runnable> closing = new ArrayList<>();
        closing.add(training::close);
        closing.add(scope::close);
        Closing.all(closing);
    }
}
