package org.kolotoc.nn;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Tensor;

/**
 * Who may look at whom: {@code bool} tensors that broadcast to {@code [batch, heads, queries, keys]}; the causal mask is
 * in {@link org.kolotoc.tensor.Functions}.
 */
public final class Masks {
    private Masks() {}

    /**
     * Every query of a sequence looks at its keys that are no padding: {@code [batch, 1, 1, keys]}.
     *
     * @param valid {@code bool [batch, keys]}
     */
    public static Tensor padding(Tensor valid) {
        if (valid.dtype() != DType.BOOL || valid.shape().rank() != 2) {
            throw new IllegalArgumentException("a padding mask is bool [batch, keys], got " + valid);
        }
        return valid.reshape(valid.shape().extent(0), 1, 1, valid.shape().extent(1));
    }
}
