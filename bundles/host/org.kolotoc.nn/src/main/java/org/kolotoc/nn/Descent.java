package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * How gradients move weights: clipped together, by an optimiser.
 *
 * @param parameters that learn
 * @param memory owner of what the optimiser remembers
 * @param clip longest gradient; 0 for any
 */
public record Descent(Optimizer optimizer, List<Parameter> parameters, String memory, double clip) {
    public Descent {
        parameters = List.copyOf(parameters);
    }

    /** What the optimiser remembers, to be declared below {@link #memory}. */
    public List<Parameter> state() {
        return optimizer.state(parameters);
    }

    /**
     * Traces an update. The program has the feeds {@code learning-rate} and {@code step}, 1 for the first update, and the
     * output {@code norm}, the length of the gradients before they were clipped.
     *
     * @param weights leaves of the parameters, states of the program
     * @param gradients in the order of the parameters
     */
    public void trace(Tracer tracer, Weights weights, List<Tensor> gradients) {
        Clipping clipping = Clipping.globalNorm(gradients, clip);
        optimizer.update(
                parameters,
                weights,
                Weights.states(tracer, memory, state()),
                clipping.gradients(),
                tracer.feed("learning-rate", DType.F32, Shape.scalar()),
                tracer.feed("step", DType.F32, Shape.scalar()));
        tracer.output("norm", clipping.norm());
    }
}
