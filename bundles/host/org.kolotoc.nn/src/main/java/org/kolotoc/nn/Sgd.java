package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Gradient descent with momentum: {@code v' = momentum v + g}, {@code p' = p - rate v'}.
 *
 * @param momentum 0 remembers nothing
 */
public record Sgd(double momentum) implements Optimizer {
    private static final String VELOCITY = "velocity";

    @Override
    public List<Parameter> state(List<Parameter> parameters) {
        if (momentum == 0) {
            return List.of();
        }
        return parameters.stream()
                .map(p -> new Parameter(p.name(), p.dtype(), p.shape(), Initializer.ZEROS).in(VELOCITY))
                .toList();
    }

    @Override
    public void update(
            List<Parameter> parameters,
            Weights weights,
            Weights state,
            List<Tensor> gradients,
            Tensor learningRate,
            Tensor step) {
        Tracer tracer = learningRate.tracer();
        try (Tracer.Scope _ = tracer.scope("sgd")) {
            for (int i = 0; i < parameters.size(); i++) {
                String name = parameters.get(i).name();
                Tensor direction = gradients.get(i);
                if (momentum != 0) {
                    Tensor velocity = state.in(VELOCITY).get(name);
                    direction = velocity.mul(momentum).add(direction);
                    tracer.update(velocity, direction);
                }
                Tensor weight = weights.get(name);
                tracer.update(weight, weight.sub(direction.mul(learningRate)));
            }
        }
    }
}
