package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Training;
import org.kolotoc.engine.check.Costs;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.fill.PhaseSeat;

/**
 * A prepared phase of a run. Its programs take memory from its first step to its end.
 *
 * @param place among the phases
 */
public record Stage(int place, PhasePlan plan, PhaseSeat seat, Scope scope, Training training)
        implements AutoCloseable {
    /**
     * Takes a step of the phase.
     *
     * @param out gets its measures, and {@link Costs#STEP} behind them
     */
    public void step(long index, Measurements out) {
        // What somebody asked for since the last one is no part of it.
        scope.work().take();
        training.step(index, out);
        out.put(Costs.STEP, scope.work().take().flops());
    }

    /**
     * Measures on held-out data.
     *
     * @param out gets its measures, and {@link Costs#EVALUATION} where a program ran for them
     */
    public void evaluate(Measurements out) {
        scope.work().take();
        training.evaluate(out);
        Work.Done done = scope.work().take();
        if (done.calls() > 0) {
            out.put(Costs.EVALUATION, done.flops());
        }
    }

    /** Gives back its programs and its states. */
    @Override
    public void close() {
        List<Runnable> closing = new ArrayList<>();
        closing.add(training::close);
        closing.add(scope::close);
        Closing.all(closing);
    }
}
