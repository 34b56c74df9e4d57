package org.kolotoc.nn;

import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** A layer that brings every vector to a common size and keeps its shape. */
public sealed interface Norm extends Layer permits LayerNorm, RmsNorm {
    /** {@code [..., width]} to the same shape. */
    Tensor apply(Weights weights, Tensor x);
}
