package org.kolotoc.tensor;

/** The parameters of a model as leaves of the program being traced, by name. */
@FunctionalInterface
public interface Weights {
    /**
     * The leaf of a parameter.
     *
     * @throws IllegalArgumentException when there is no parameter of that name; the message lists the known ones
     */
    Tensor get(String name);

    /** The parameters below a prefix: {@code in("block0").get("bias")} is {@code get("block0.bias")}. */
    default Weights in(String prefix) {
        return name -> get(prefix + "." + name);
    }
}
