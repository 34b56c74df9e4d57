package org.kolotoc.api;

import org.kolotoc.tensor.Program;
import org.osgi.annotation.versioning.ProviderType;

/** What the engine gives a phase. */
@ProviderType
public interface PhaseContext {
    /**
     * A model of the run by its role: {@code model} where there is one.
     *
     * @throws InputError when the experiment has no model of that role
     */
    Model model(String role);

    Dataset data();

    /** Everything that lives from step to step. Weights are declared already, below their role. */
    TrainState state();

    /** Seed of all randomness in the run. */
    long seed();

    /**
     * Compiles a program and binds its states to the train state by name and its feeds and outputs to buffers of its own.
     *
     * @param name for people: {@code train}, {@code evaluate}
     * @throws InputError when the train state has no tensor that the program needs
     */
    BoundProgram prepare(String name, Program program);
}
