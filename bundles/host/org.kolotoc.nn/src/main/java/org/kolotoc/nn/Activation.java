package org.kolotoc.nn;

import java.util.function.UnaryOperator;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/**
 * What an {@link Mlp} does between its layers. The gated ones multiply what the function gives for one layer by another
 * layer (Shazeer, arXiv:2002.05202).
 */
public enum Activation {
    /** Gaussian error linear unit, tanh form. */
    GELU(Functions::gelu, false),
    /** Gaussian error linear unit, by the error function. */
    GELU_EXACT(Functions::geluExact, false),
    RELU(Functions::relu, false),
    SILU(Functions::silu, false),
    /** {@code silu(x gate) (x up)}, as in Llama. */
    SWIGLU(Functions::silu, true),
    /** {@code gelu(x gate) (x up)}, tanh form, as in T5 1.1. */
    GEGLU(Functions::gelu, true);

    private final UnaryOperator<Tensor> function;
    private final boolean gated;

    Activation(UnaryOperator<Tensor> function, boolean gated) {
        this.function = function;
        this.gated = gated;
    }

    /** Whether a second layer is multiplied by what the function gives. */
    public boolean gated() {
        return gated;
    }

    /** The function alone, element by element. */
    public Tensor apply(Tensor x) {
        return function.apply(x);
    }
}
