package org.kolotoc.eval.arena;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A line of the table.
 *
 * @param rank one more than those that are surely better
 * @param styleRank the same with style held equal; nothing where no style was given
 * @param score on the scale of 400 points for ten times the odds, 1000 in the mean of all models
 * @param lower bound of the score
 * @param upper bound of the score
 * @param votes battles that it fought
 */
record Standing(
        int rank,
        OptionalInt styleRank,
        String model,
        double score,
        double lower,
        double upper,
        int votes,
        Optional<String> organization,
        Optional<String> license) {
    /** {@code +7/-4} */
    String interval() {
        return "+" + Math.round(upper - score) + "/-" + Math.round(score - lower);
    }
}
