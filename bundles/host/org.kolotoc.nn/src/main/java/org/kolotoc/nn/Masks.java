package org.kolotoc.nn;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
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

    /**
     * Every query looks at the keys of its own document: {@code [batch, 1, time, time]}.
     *
     * @param positions {@code i32 [batch, time]}, of each token in its document, one of which begins wherever this is 0
     */
    public static Tensor documents(Tensor positions) {
        int rows = positions.shape().extent(0);
        int time = positions.shape().extent(1);
        Tensor begun = positions.eq(positions.constant(0)).cast(DType.F32).cumulativeSum(1);
        return begun.reshape(rows, 1, time, 1).eq(begun.reshape(rows, 1, 1, time));
    }

    /**
     * Every query looks at the keys that are not behind its own position: {@code [batch, 1, queries, keys]}.
     *
     * @param positions {@code i32 [batch, queries]}, of the queries among the keys
     */
    public static Tensor upTo(Tensor positions, int keys) {
        int rows = positions.shape().extent(0);
        int queries = positions.shape().extent(1);
        return positions.tracer().iota(Shape.of(1, 1, 1, keys), 3).le(positions.reshape(rows, 1, queries, 1));
    }
}
