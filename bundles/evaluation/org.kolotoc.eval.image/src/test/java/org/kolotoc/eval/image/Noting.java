package org.kolotoc.eval.image;

import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Program;

/** A workbench with a ledger. */
record Noting(ProgramContext bench, Ledger ledger) implements ProgramContext {
    @Override
    public String name() {
        return bench.name();
    }

    @Override
    public Model model(String formal) {
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
    public TrainState state() {
        return bench.state();
    }

    @Override
    public long seed() {
        return bench.seed();
    }

    @Override
    public BoundProgram prepare(String name, Program program) {
        return bench.prepare(name, program);
    }
}
