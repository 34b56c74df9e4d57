package org.kolotoc.nn;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Tensor;

/**
 * What is read of each row at one token alone; no other position has any gradient.
 *
 * @param values {@code f32 [rows]}
 * @param found {@code f32 [rows]}, 1 where the row has the token; the value of another row is nobody's
 */
public record Readout(Tensor values, Tensor found) {
    /**
     * Reads at the last place of a token.
     *
     * @param values {@code f32 [rows, time]}
     * @param tokens {@code i32 [rows, time]}
     * @param token that a row has somewhere
     */
    public static Readout atLast(Tensor values, Tensor tokens, int token) {
        int rows = tokens.shape().extent(0);
        Tensor places = tokens.tracer().iota(tokens.shape(), 1).cast(DType.F32);
        Tensor last = tokens.eq(tokens.constant(token))
                .select(places, values.constant(-1))
                .max(1);
        Tensor at = last.maximum(0).cast(DType.I32).reshape(rows, 1);
        return new Readout(
                values.gatherAlong(1, at).reshape(rows),
                last.ge(last.constant(0)).cast(DType.F32));
    }
}
