package org.kolotoc.eval.arena.rating;

/**
 * The likeliest strengths.
 *
 * @param strengths {@code [model]}, in logits, of mean 0
 * @param coefficients {@code [feature]}: logits that a unit of a style feature is worth
 * @param nu Davidson's parameter: of two equals, a tie is so many times as likely as a win of the left; 0 where ties are halves
 * @param logLikelihood of all battles, in nats
 * @param information {@code [model + feature, ...]}: the pseudo-inverse of the information, the covariance if the model is true
 * @param sandwich the same shape: the covariance whatever is true (Huber 1967, White 1982)
 */
public record Fit(
        double[] strengths,
        double[] coefficients,
        double nu,
        double logLikelihood,
        double[][] information,
        double[][] sandwich) {
    /** Points of the scale on which ten times the odds are 400 points. */
    public static final double POINTS_PER_LOGIT = 400 / Math.log(10);

    public static final double MEAN_SCORE = 1000;

    /** A strength on the scale that leaderboards print. */
    public static double score(double strength) {
        return MEAN_SCORE + POINTS_PER_LOGIT * strength;
    }

    /** {@code [model]}, about {@link #MEAN_SCORE}. */
    public double[] scores() {
        double[] scores = new double[strengths.length];
        for (int model = 0; model < scores.length; model++) {
            scores[model] = score(strengths[model]);
        }
        return scores;
    }

    /** Standard errors from the diagonal of a covariance. */
    static double[] roots(double[][] covariance) {
        double[] roots = new double[covariance.length];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = Math.sqrt(Math.max(0, covariance[i][i]));
        }
        return roots;
    }

    /** {@code [model + feature]}: what strengths and coefficients may be off if the model is true, in logits. */
    public double[] standardErrors() {
        return roots(information);
    }

    /** {@code [model + feature]}: the same, whatever is true. */
    public double[] sandwichErrors() {
        return roots(sandwich);
    }
}
