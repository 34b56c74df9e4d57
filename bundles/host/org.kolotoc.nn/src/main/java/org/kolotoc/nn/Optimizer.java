package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** How gradients change parameters. What it remembers are states of the program, like the parameters themselves. */
public interface Optimizer {
    /** What it remembers of so many parameters. */
    List<Parameter> state(List<Parameter> parameters);

    /**
     * Traces one update: every parameter and every state gets its new content when the program has run.
     *
     * @param weights leaves of the parameters, states of the program
     * @param state leaves of {@link #state}
     * @param gradients in the order of the parameters
     * @param learningRate {@code f32} scalar
     * @param step {@code f32} scalar, 1 for the first update
     */
    void update(
            List<Parameter> parameters,
            Weights weights,
            Weights state,
            List<Tensor> gradients,
            Tensor learningRate,
            Tensor step);
}
