package org.kolotoc.nn;

import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/** What training makes small: scalars. */
public final class Losses {
    private Losses() {}

    /**
     * Mean cross-entropy in nats.
     *
     * @param logits {@code f32 [..., classes]}
     * @param targets {@code i32 [...]}
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets) {
        return Functions.mean(Functions.crossEntropy(logits, targets));
    }

    /**
     * Mean cross-entropy in nats over the positions where {@code counted [...]}, a {@code bool}, is true; the others
     * have exactly zero gradient. 0 where none counts.
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets, Tensor counted) {
        Tensor losses = Functions.crossEntropy(logits, targets);
        Tensor kept = counted.select(losses, losses.constant(0)).sum();
        return kept.div(counted.cast(DType.F32).sum().maximum(1));
    }

    /**
     * Losses times their weights: exactly 0 where the weight is 0, whatever is lost there, NaN included.
     *
     * @param losses {@code f32 [...]}
     * @param weights {@code f32 [...]}
     */
    public static Tensor weighted(Tensor losses, Tensor weights) {
        Tensor zero = losses.constant(0);
        return weights.eq(zero).select(zero, losses.mul(weights));
    }

    /** Mean of squared differences. */
    public static Tensor meanSquare(Tensor predicted, Tensor wanted) {
        Tensor difference = predicted.sub(wanted);
        return Functions.mean(difference.mul(difference));
    }
}
