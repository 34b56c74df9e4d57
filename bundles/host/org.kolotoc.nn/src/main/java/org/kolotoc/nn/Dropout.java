package org.kolotoc.nn;

import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/**
 * Dropout (Srivastava et al. 2014): in training, each element is 0 with probability {@code rate} and else divided by
 * {@code 1 - rate}.
 *
 * @param rate from 0 to below 1
 * @param key {@code i32 [2]} for the random numbers, or null outside training
 */
public record Dropout(double rate, Tensor key) {
    /** Leaves everything as it is. */
    public static final Dropout NONE = new Dropout(0, null);

    /** Whether it leaves everything as it is. */
    boolean isNone() {
        return rate == 0 || key == null;
    }

    /** Each call draws numbers of its own. */
    public Tensor apply(Tensor x) {
        return isNone() ? x : Functions.dropout(x, rate, key);
    }
}
