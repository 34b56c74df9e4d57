package org.kolotoc.api.claim;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What runs say of a claim.
 *
 * @param reason why, or what else has to be known: how many pairs there were, and what was left out
 * @param interval how far the favoured side is ahead; nothing where there are too few pairs
 * @param values what was compared, by side, then by seed; a run that has none is left out
 */
public record Finding(Verdict verdict, String reason, Optional<Interval> interval, Map<String, List<Value>> values) {
    /** What becomes of a claim. */
    public enum Verdict {
        CONFIRMED,
        /** The other side is ahead by as much as was claimed of this one. */
        REFUTED,
        /** Neither: the interval holds what would be so by chance, or there are too few runs. */
        UNDECIDED;

        /** In a word. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How far the favoured side is ahead, positive where it is.
     *
     * @param estimate from all pairs
     * @param low of the 95 % interval
     * @param high of the 95 % interval
     * @param asked beyond which the claim holds
     * @param unit what the numbers are: {@code times}, or the name of a measure
     */
    public record Interval(double estimate, double low, double high, double asked, String unit) {
        /** {@code 12.3 [10.1, 14.8] times}. */
        public String text() {
            return String.format(Locale.ROOT, "%.4g [%.4g, %.4g] %s", estimate, low, high, unit);
        }
    }

    /** What a run with a seed has. */
    public record Value(long seed, double value) {}

    /** None can be had, and why. */
    public static Finding undecided(String reason, Map<String, List<Value>> values) {
        return new Finding(Verdict.UNDECIDED, reason, Optional.empty(), values);
    }
}
