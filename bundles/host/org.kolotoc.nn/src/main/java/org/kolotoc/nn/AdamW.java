package org.kolotoc.nn;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101):
 *
 * <pre>
 * m' = beta1 m + (1 - beta1) g
 * v' = beta2 v + (1 - beta2) g^2
 * p' = p - rate (m' / (1 - beta1^t) / (sqrt(v' / (1 - beta2^t)) + epsilon) + decay p)
 * </pre>
 *
 * @param decayedRank parameters of at least so many axes decay; 2 spares biases and norms
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, int decayedRank)
        implements Optimizer {
    private static final String FIRST = "first";
    private static final String SECOND = "second";

    public AdamW(double beta1, double beta2, double epsilon, double weightDecay) {
        this(beta1, beta2, epsilon, weightDecay, 2);
    }

    /** Both moments of each parameter: {@code first.<parameter>}, {@code second.<parameter>}. */
    @Override
    public List<Parameter> state(List<Parameter> parameters) {
        return parameters.stream()
                .flatMap(p -> Stream.of(FIRST, SECOND)
                        .map(moment -> new Parameter(p.name(), p.dtype(), p.shape(), Initializer.ZEROS).in(moment)))
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
        try (Tracer.Scope _ = tracer.scope("adamw")) {
            Tensor firstMissing = tracer.constant(1).sub(tracer.constant(beta1).pow(step));
            Tensor secondMissing = tracer.constant(1).sub(tracer.constant(beta2).pow(step));
            Tensor rate = learningRate.div(firstMissing);
            Tensor root = secondMissing.rsqrt();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                Tensor gradient = gradients.get(i);
                Tensor weight = weights.get(parameter.name());
                Tensor first = state.in(FIRST).get(parameter.name());
                Tensor second = state.in(SECOND).get(parameter.name());
                Tensor newFirst = first.mul(beta1).add(gradient.mul(1 - beta1));
                Tensor newSecond = second.mul(beta2).add(gradient.mul(gradient).mul(1 - beta2));
                Tensor moved = weight.sub(
                        newFirst.mul(rate).div(newSecond.sqrt().mul(root).add(epsilon)));
                boolean decays = weightDecay != 0 && parameter.shape().rank() >= decayedRank;
                tracer.update(weight, decays ? moved.sub(weight.mul(learningRate.mul(weightDecay))) : moved);
                tracer.update(first, newFirst);
                tracer.update(second, newSecond);
            }
        }
    }
}
