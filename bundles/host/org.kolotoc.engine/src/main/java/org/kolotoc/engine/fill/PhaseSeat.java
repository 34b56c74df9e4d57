package org.kolotoc.engine.fill;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;

/** The seat of a phase, filled. */
public final class PhaseSeat implements Needing {
    private final Occupant occupant;
    private final Record settings;
    private final Needs needs;
    private final Function<PhaseContext, Training> phase;
    private final Declared declared;

    private PhaseSeat(
            Occupant occupant,
            Record settings,
            Needs needs,
            Function<PhaseContext, Training> phase,
            Declared declared) {
        this.occupant = occupant;
        this.settings = settings;
        this.needs = needs;
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
                        binding.occupant().give("said what it needs", () -> plugin.needs(settings)),
                        context -> plugin.prepare(settings, context),
                        Declared.of(binding.occupant(), () -> plugin.measures(settings))));
    }

    public String id() {
        return occupant.id();
    }

    @Override
    public Occupant occupant() {
        return occupant;
    }

    /** Models and data that it trains with. */
    @Override
    public Needs needs() {
        return needs;
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
        return new CheckedTraining(occupant, declared, training);
    }
}
