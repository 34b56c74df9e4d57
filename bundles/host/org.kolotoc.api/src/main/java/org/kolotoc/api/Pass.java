package org.kolotoc.api;

import org.kolotoc.tensor.Tensor;

/**
 * One use of a model in a program.
 *
 * @param training whether what is random only in training (dropout) takes part
 * @param key {@code i32 [2]}, seed and step, for random numbers; null unless training
 */
public record Pass(boolean training, Tensor key) {
    /** Evaluation and generation. */
    public static final Pass INFERENCE = new Pass(false, null);

    public static Pass training(Tensor key) {
        return new Pass(true, key);
    }
}
