package org.kolotoc.phase.pretrain;

import java.util.List;
import java.util.Optional;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;

/** What a phase is given, by another who gives it; for those who look at one part of it or change it. */
interface Forwarding extends PhaseContext {
    PhaseContext context();

    @Override
    default String name() {
        return context().name();
    }

    @Override
    default Model model(String formal) {
        return context().model(formal);
    }

    @Override
    default Dataset data(String formal) {
        return context().data(formal);
    }

    @Override
    default Tokenizer tokenizer() {
        return context().tokenizer();
    }

    @Override
    default long steps() {
        return context().steps();
    }

    @Override
    default Optional<Optimizer> optimizer() {
        return context().optimizer();
    }

    @Override
    default List<Tensor> meanOverRanks(List<Tensor> tensors) {
        return context().meanOverRanks(tensors);
    }

    @Override
    default TrainState state() {
        return context().state();
    }

    @Override
    default long seed() {
        return context().seed();
    }

    @Override
    default BoundProgram prepare(String name, Program program) {
        return context().prepare(name, program);
    }
}
