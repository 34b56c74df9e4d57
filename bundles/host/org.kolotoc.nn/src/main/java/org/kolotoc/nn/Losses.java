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
        return mean(Functions.crossEntropy(logits, targets), counted);
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

    /** Exactly the values where {@code counted [...]}, a {@code bool}, is true; 0 elsewhere, NaN included. */
    public static Tensor kept(Tensor values, Tensor counted) {
        return counted.select(values, values.constant(0));
    }

    /** Mean of the values where {@code counted [...]}, a {@code bool}, is true. 0 where none is. */
    public static Tensor mean(Tensor values, Tensor counted) {
        return kept(values, counted).sum().div(counted.cast(DType.F32).sum().maximum(1));
    }

    /** The mean over rows of each row's own {@link #mean}: long rows count no more than short ones. */
    public static Tensor meanOfRows(Tensor values, Tensor counted) {
        Tensor counts = counted.cast(DType.F32).sum(-1).maximum(1);
        return Functions.mean(kept(values, counted).sum(-1).div(counts));
    }

    /**
     * Cross-entropy in nats with labels of which a share is spread evenly over all classes (Szegedy et al.,
     * arXiv:1512.00567).
     *
     * @param logits {@code f32 [..., classes]}
     * @param targets {@code i32 [...]}
     * @param share in [0, 1)
     * @return {@code [...]}
     */
    public static Tensor smoothed(Tensor logits, Tensor targets, double share) {
        Tensor losses = Functions.crossEntropy(logits, targets);
        if (share == 0) {
            return losses;
        }
        Tensor even = Functions.mean(Functions.logSoftmax(logits), -1).neg();
        return losses.mul(1 - share).add(even.mul(share));
    }

    /** Mean of squared differences. */
    public static Tensor meanSquare(Tensor predicted, Tensor wanted) {
        Tensor difference = predicted.sub(wanted);
        return Functions.mean(difference.mul(difference));
    }
}
