package org.kolotoc.eval.arena.rating;

import java.util.Arrays;

/**
 * Ratings that each battle changes at once (Elo 1978): {@code factor} times what the left took more than was expected of it. They
 * depend on the order of battles, which strengths by maximum likelihood don't.
 *
 * @param start rating of who has not fought yet
 * @param factor points that a win against all odds is worth, «K»
 * @param scale points at which the odds are ten to one
 */
public record Elo(double start, double factor, double scale) {
    /** The slow one that leaderboards of many battles use: 1000, 4, 400. */
    public static final Elo USUAL = new Elo(1000, 4, 400);

    /** {@code [model]}, after all battles in their order. */
    public double[] ratings(Battles battles) {
        double[] ratings = new double[battles.models().size()];
        Arrays.fill(ratings, start);
        for (int battle = 0; battle < battles.size(); battle++) {
            int left = battles.left(battle);
            int right = battles.right(battle);
            double expected = 1 / (1 + Math.pow(10, (ratings[right] - ratings[left]) / scale));
            double gain = factor * (battles.outcome(battle).points() - expected);
            ratings[left] += gain;
            ratings[right] -= gain;
        }
        return ratings;
    }
}
