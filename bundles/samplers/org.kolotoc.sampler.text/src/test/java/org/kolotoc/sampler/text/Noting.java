package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Program;

/** A context that keeps what the ledger is told, {@code <kind> <field>}. */
record Noting(ProgramContext context, List<String> noted) implements ProgramContext {
    @Override
    public Ledger ledger() {
        return (kind, field, sentence) -> noted.add(kind.label() + " " + field);
    }

    @Override
    public String name() {
        return context.name();
    }

    @Override
    public Model model(String formal) {
        return context.model(formal);
    }

    @Override
    public Dataset data(String formal) {
        return context.data(formal);
    }

    @Override
    public Tokenizer tokenizer() {
        return context.tokenizer();
    }

    @Override
    public TrainState state() {
        return context.state();
    }

    @Override
    public long seed() {
        return context.seed();
    }

    @Override
    public BoundProgram prepare(String name, Program program) {
        return context.prepare(name, program);
    }
}
