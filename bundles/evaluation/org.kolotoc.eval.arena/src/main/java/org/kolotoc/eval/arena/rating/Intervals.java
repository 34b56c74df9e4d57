package org.kolotoc.eval.arena.rating;

import java.util.Arrays;

/**
 * Between which numbers something lies, in 95 of 100 cases.
 *
 * @param lower {@code [n]}
 * @param upper {@code [n]}
 */
public record Intervals(double[] lower, double[] upper) {
    /** Standard deviations on each side of the mean that 95 % of a normal distribution lie within. */
    private static final double NORMAL = 1.959963984540054;

    static final double LOWER = 0.025;
    static final double UPPER = 0.975;

    /** About estimates with these standard errors. */
    public static Intervals about(double[] estimates, double[] errors) {
        Intervals intervals = new Intervals(new double[estimates.length], new double[estimates.length]);
        for (int i = 0; i < estimates.length; i++) {
            intervals.lower[i] = estimates[i] - NORMAL * errors[i];
            intervals.upper[i] = estimates[i] + NORMAL * errors[i];
        }
        return intervals;
    }

    /** About the strengths of a fit, then its worths of style, by its sandwich. */
    public static Intervals sandwich(Fit fit) {
        int models = fit.strengths().length;
        double[] all = Arrays.copyOf(fit.strengths(), models + fit.coefficients().length);
        System.arraycopy(fit.coefficients(), 0, all, models, fit.coefficients().length);
        return about(all, fit.sandwichErrors());
    }

    /** Those of the first so many. */
    public Intervals first(int count) {
        return new Intervals(Arrays.copyOf(lower, count), Arrays.copyOf(upper, count));
    }

    public double halfWidth(int i) {
        return (upper[i] - lower[i]) / 2;
    }

    /**
     * A rank for each: one more than those of whom it is sure that they are better, their lower bound lying above this one's upper
     * («Rank (UB)» of leaderboards).
     */
    public int[] ranks() {
        int[] ranks = new int[lower.length];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = 1;
            for (double bound : lower) {
                ranks[i] += bound > upper[i] ? 1 : 0;
            }
        }
        return ranks;
    }
}
