package org.kolotoc.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/** An architecture with all sizes fixed: parameters and what to compute with them. It holds no numbers. */
@ConsumerType
public interface Model {
    /** What {@link #forward} takes and gives. */
    Signature signature();

    /** Every parameter, in an order that stays. */
    List<Parameter> parameters();

    /** Upper limits of axes that the architecture sets, {@code time} for a context length; the rest is free. */
    Dimensions limits();

    /**
     * Traces the computation.
     *
     * @param weights the parameters' leaves
     * @param inputs a tensor for each input of the signature; axes that share a name share an extent
     * @return a tensor for each output of the signature
     */
    Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass);

    /** {@link #forward} as a lambda. */
    @FunctionalInterface
    interface Forward {
        Map<String, Tensor> trace(Weights weights, Map<String, Tensor> inputs, Pass pass);
    }

    /** A model of parts. */
    static Model of(String signature, Dimensions limits, List<Parameter> parameters, Forward forward) {
        return new ModelParts(Signature.parse(signature), limits, List.copyOf(parameters), forward);
    }

    /**
     * The parameters as states of a program, named {@code role/parameter} as in {@link TrainState}.
     *
     * @param role which of a run's models: {@code model}, {@code generator}
     */
    default Weights weights(Tracer tracer, String role) {
        Map<String, Tensor> leaves = new HashMap<>();
        for (Parameter parameter : parameters()) {
            leaves.put(
                    parameter.name(),
                    tracer.state(role + "/" + parameter.name(), parameter.dtype(), parameter.shape()));
        }
        return name -> {
            Tensor leaf = leaves.get(name);
            if (leaf == null) {
                throw new IllegalArgumentException("the model has no parameter '" + name + "'; it has "
                        + parameters().stream().map(Parameter::name).toList());
            }
            return leaf;
        };
    }
}
