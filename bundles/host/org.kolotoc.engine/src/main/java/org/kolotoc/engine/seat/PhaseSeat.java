package org.kolotoc.engine.seat;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;

/** The seat of a phase, filled. */
public final class PhaseSeat {
    private final Occupant occupant;
    private final Record settings;
    private final Function<PhaseContext, Training> phase;
    private final Declared declared;

    private PhaseSeat(Occupant occupant, Record settings, Function<PhaseContext, Training> phase, Declared declared) {
        this.occupant = occupant;
        this.settings = settings;
        this.phase = phase;
        this.declared = declared;
    }

    static Optional<PhaseSeat> of(Phase<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<PhaseSeat> bound(Phase<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new PhaseSeat(
                        binding.occupant(),
                        settings,
                        context -> plugin.prepare(settings, context),
                        Declared.of(binding.occupant(), () -> plugin.measures(settings))));
    }

    public String id() {
        return occupant.id();
    }

    public Record settings() {
        return settings;
    }

    /** Everything its steps and evaluations measure. */
    public List<Measure> measures() {
        return declared.measures();
    }

    public Training prepare(PhaseContext context) {
        Training training = occupant.give("prepared", () -> phase.apply(context));
        long steps = occupant.call("said how many steps it takes", training::steps);
        if (steps < 0) {
            occupant.run("closed", training::close);
            throw PluginFailure.broken(occupant, "takes " + steps + " steps; expected 0 or more");
        }
        return new CheckedTraining(occupant, declared, training, steps);
    }
}
