package org.kolotoc.tck;

import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Program;

/**
 * A bench that notes which models somebody asks for.
 *
 * @param asked gets their names
 */
record Listening(Bench bench, Set<String> asked) implements PhaseContext {
    @Override
    public String name() {
        return bench.name();
    }

    @Override
    public Model model(String formal) {
        asked.add(formal);
        return bench.model(formal);
    }

    @Override
    public Dataset data(String formal) {
        return bench.data(formal);
    }

    @Override
    public Tokenizer tokenizer() {
        return bench.tokenizer();
    }

    @Override
    public Ledger ledger() {
        return bench.ledger();
    }

    @Override
    public TrainState state() {
        return bench.state();
    }

    @Override
    public long seed() {
        return bench.seed();
    }

    @Override
    public long steps() {
        return bench.steps();
    }

    @Override
    public Optional<Optimizer> optimizer() {
        return bench.optimizer();
    }

    @Override
    public BoundProgram prepare(String name, Program program) {
        return bench.prepare(name, program);
    }
}
