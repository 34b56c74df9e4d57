package org.kolotoc.eval.arena.rating;

import java.util.Arrays;

/** Percentiles of a sample, between two of its values in proportion: at {@code (n - 1) q} of the sorted ones. */
public final class Percentiles {
    private final double[] sorted;

    /** @throws IllegalArgumentException of no values */
    public Percentiles(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("percentiles of no values");
        }
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** @param share from 0 to 1 */
    public double at(double share) {
        double place = (sorted.length - 1) * share;
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
