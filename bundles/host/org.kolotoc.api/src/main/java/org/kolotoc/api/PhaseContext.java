package org.kolotoc.api;

import java.util.Optional;
import org.kolotoc.tensor.Optimizer;
import org.osgi.annotation.versioning.ProviderType;

/** What the engine gives a phase. */
@ProviderType
public interface PhaseContext extends ProgramContext {
    /** How many steps the phase takes. */
    long steps();

    /**
     * The optimiser that the experiment names for this phase; nothing where it names none, and the phase takes its own. How
     * gradients become a step is the optimiser's; the learning rate, its schedule, clipping and what the gradients are of is the
     * phase's. What the optimiser remembers the phase declares below its {@link #name}.
     *
     * @throws IllegalArgumentException when its needs do not say that it takes one, see {@link Needs#optimizer()}
     */
    Optional<Optimizer> optimizer();
}
