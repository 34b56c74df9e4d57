package org.kolotoc.api;

import java.util.List;
import java.util.Optional;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Tensor;
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

    /**
     * The means of tensors over all ranks, where several train one model together, each on its own rows of every batch: on all
     * ranks the same bits. Of one rank they are the tensors themselves, and cost nothing; so it is in every run today.
     *
     * <p>A phase takes the means of its gradients, before anything is made of them, and of the losses that it reports. Where
     * there are several ranks, a program is cut there: what the tensors are made of runs first, on all of them, and what is
     * made of the means after that, once. So no tensor may be made of a mean of the same program, and a state that changes
     * otherwise than by means is no longer the same everywhere.
     *
     * @param tensors {@code f32}, of a trace that is not prepared yet
     * @return in their order and of their shapes
     */
    default List<Tensor> meanOverRanks(List<Tensor> tensors) {
        return tensors;
    }
}
