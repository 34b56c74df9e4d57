package org.kolotoc.engine.fill;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Optimizer;

/** The seat of a phase, filled. */
public final class PhaseSeat implements Needing {
    private final Occupant occupant;
    private final Record settings;
    private final Variants variants;
    private final Function<PhaseContext, Training> phase;
    private final Declared declared;
    private final Optional<Optimizer> optimizer;
    private final Optional<AdapterSeat> adapter;

    private PhaseSeat(
            Occupant occupant,
            Record settings,
            Variants variants,
            Function<PhaseContext, Training> phase,
            Declared declared,
            Optional<Optimizer> optimizer,
            Optional<AdapterSeat> adapter) {
        this.occupant = occupant;
        this.settings = settings;
        this.variants = variants;
        this.phase = phase;
        this.declared = declared;
        this.optimizer = optimizer;
        this.adapter = adapter;
    }

    static Optional<PhaseSeat> of(Phase<?> plugin, Binding binding) {
        return bound(plugin, binding);
    }

    private static <S extends Record> Optional<PhaseSeat> bound(Phase<S> plugin, Binding binding) {
        return binding.settings(plugin)
                .map(settings -> new PhaseSeat(
                        binding.occupant(),
                        settings,
                        Variants.of(binding.occupant(), settings, plugin::needs),
                        context -> plugin.prepare(settings, context),
                        Declared.of(binding.occupant(), () -> plugin.measures(settings)),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** The same with the optimiser that the experiment names. */
    PhaseSeat with(Optimizer named) {
        return new PhaseSeat(occupant, settings, variants, phase, declared, Optional.of(named), adapter);
    }

    /** The same with the adapter that the experiment names. */
    PhaseSeat with(AdapterSeat named) {
        return new PhaseSeat(occupant, settings, variants, phase, declared, optimizer, Optional.of(named));
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
        return variants.needs();
    }

    @Override
    public Map<String, Needs> otherwise() {
        return variants.others().get();
    }

    /** How its gradients become steps, where the experiment says that. */
    public Optional<Optimizer> optimizer() {
        return optimizer;
    }

    /** What it trains in the place of a model's parameters, where the experiment says that. */
    public Optional<AdapterSeat> adapter() {
        return adapter;
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
