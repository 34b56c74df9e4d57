package org.kolotoc.nn.statistics;

import java.util.stream.DoubleStream;

/** Where an estimated number lies, at a level of confidence. */
public record Interval(double low, double high) {
    /**
     * Of a share (Wilson 1927).
     *
     * @param right how many of the trials; a fraction where some are half right
     * @param trials at least 1
     * @param level {@code 0.95}
     */
    public static Interval wilson(double right, long trials, double level) {
        if (trials < 1 || right < 0 || right > trials) {
            throw new IllegalArgumentException(right + " of " + trials + " trials; expected 0 to as many, at least 1");
        }
        double z = normalQuantile(tail(level));
        double share = right / trials;
        double scale = 1 + z * z / trials;
        double centre = (share + z * z / (2 * trials)) / scale;
        double half = z * Math.sqrt(share * (1 - share) / trials + z * z / (4.0 * trials * trials)) / scale;
        // At 0 and 1 the bound is exact, but for rounding.
        return new Interval(right == 0 ? 0 : centre - half, right == trials ? 1 : centre + half);
    }

    /** The upper bound's share: 0.975 for 0.95. */
    private static double tail(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("a level of " + level + "; expected one between 0 and 1");
        }
        return 1 - (1 - level) / 2;
    }

    /**
     * A percentile, between two values in proportion: at {@code (n - 1) share} of the sorted ones.
     *
     * @throws IllegalArgumentException of no values
     */
    public static double percentile(double share, double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a percentile of no values");
        }
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        double place = (sorted.length - 1) * share;
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** What a standard normal number is below with this probability, above 1/2: by bisection of Marsaglia's series (2004). */
    static double normalQuantile(double probability) {
        double low = 0;
        double high = 10;
        while (high - low > 1e-13) {
            double middle = (low + high) / 2;
            if (normalBelow(middle) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private static double normalBelow(double x) {
        double term = x;
        double sum = x;
        for (int i = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && i < 1000; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
