package org.kolotoc.api;

import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Program;
import org.osgi.annotation.versioning.ProviderType;

/** What the engine gives whoever runs tensor programs. Models and data go by the names of its {@link Needs}. */
@ProviderType
public interface ProgramContext {
    /** Its name in the experiment, the owner of what it keeps in the {@link #state}. */
    String name();

    /**
     * The model that the experiment has for a name. Its weights are states of programs below that name: {@code
     * model.weights(tracer, formal)}.
     *
     * @throws IllegalArgumentException when its needs have no such name
     */
    Model model(String formal);

    /**
     * The data that the experiment has for a name.
     *
     * @throws IllegalArgumentException when its needs have no such name
     */
    Dataset data(String formal);

    /** The data of whoever needs one. */
    default Dataset data() {
        return data(Needs.DATA);
    }

    /**
     * The tokenizer of the experiment.
     *
     * @throws InputError when it has none
     */
    Tokenizer tokenizer();

    /**
     * Everything that lives from step to step: the weights, which are declared already, below the names of the models, and
     * what is declared here. Owners are the asker's own: nobody else sees what is declared below them.
     */
    TrainState state();

    /** Where is said what is done in another way than the settings say. */
    default Ledger ledger() {
        return Ledger.NONE;
    }

    /** Seed of all randomness here. */
    long seed();

    /**
     * Compiles a program and binds its states to the train state by name and its feeds and outputs to buffers of its own.
     *
     * @param name for people: {@code train}, {@code evaluate}
     * @throws InputError when the train state has no tensor that the program needs
     */
    BoundProgram prepare(String name, Program program);
}
