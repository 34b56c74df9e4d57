package org.kolotoc.tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parameters, of a model or of what an optimiser remembers, as leaves of the program being traced, by name. */
@FunctionalInterface
public interface Weights {
    /**
     * The leaf of a parameter.
     *
     * @throws IllegalArgumentException when there is no parameter of that name; the message lists the known ones
     */
    Tensor get(String name);

    /** Parameters as states of a program, named {@code owner/parameter} as in a train state. */
    static Weights states(Tracer tracer, String owner, List<Parameter> parameters) {
        Map<String, Tensor> leaves = new HashMap<>();
        for (Parameter parameter : parameters) {
            leaves.put(
                    parameter.name(),
                    tracer.state(owner + "/" + parameter.name(), parameter.dtype(), parameter.shape()));
        }
        return name -> {
            Tensor leaf = leaves.get(name);
            if (leaf == null) {
                throw new IllegalArgumentException("'" + owner + "' has no parameter '" + name + "'; it has "
                        + parameters.stream().map(Parameter::name).toList());
            }
            return leaf;
        };
    }

    /** The leaves of several parameters, in their order. */
    default List<Tensor> all(List<Parameter> parameters) {
        return parameters.stream().map(parameter -> get(parameter.name())).toList();
    }

    /** The parameters below a prefix: {@code in("block0").get("bias")} is {@code get("block0.bias")}. */
    default Weights in(String prefix) {
        return name -> get(prefix + "." + name);
    }
}
