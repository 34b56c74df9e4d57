package org.kolotoc.eval.arena.rating;

import java.util.List;

/**
 * How likely battles are, with its derivatives. Of strengths {@code b}, worths of style {@code c} and the tie parameter
 * {@code t}, the left wins with a probability in proportion to {@code exp(d/2)}, the right to {@code exp(-d/2)} and neither to
 * {@code exp(t)}, where {@code d = b_left - b_right + c · style}: Davidson's model with {@code nu = exp(t)}. Where a tie is
 * half a win for each, there is no third outcome, and it is that of Bradley and Terry. The logarithm of either is concave.
 */
final class Likelihood {
    /** Each once, and not a copy a row. */
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());

    private static final double LEFT = 0.5;
    private static final double RIGHT = -0.5;

    private final Tally tally;
    private final Ties ties;
    private final double prior;
    private final int tie;

    /** @param prior virtual ties of each model with one of strength 0 */
    Likelihood(Tally tally, Ties ties, double prior) {
        this.tally = tally;
        this.ties = ties;
        this.prior = prior;
        this.tie = tally.models() + tally.features();
    }

    /** Parameters: strengths, worths of style, and the tie parameter where there is one. */
    int size() {
        return tie + (ties == Ties.DAVIDSON ? 1 : 0);
    }

    private double difference(int row, double[] at) {
        double difference = at[tally.first(row)] - at[tally.second(row)];
        for (int feature = 0; feature < tally.features(); feature++) {
            difference += at[tally.models() + feature] * tally.style(row, feature);
        }
        return difference;
    }

    /** Logarithm of the sum of what the outcomes are in proportion to. */
    private double logNormalizer(double difference, double tieLogit) {
        double half = Math.abs(difference) / 2;
        double two = half + Math.log1p(Math.exp(-2 * half));
        if (ties == Ties.HALF) {
            return two;
        }
        double larger = Math.max(two, tieLogit);
        return larger + Math.log(Math.exp(two - larger) + Math.exp(tieLogit - larger));
    }

    private double tieLogit(double[] at) {
        return ties == Ties.HALF ? 0 : at[tie];
    }

    /** In nats, of the battles and the virtual ones. */
    double log(double[] at) {
        double sum = battles(at);
        for (int model = 0; model < tally.models() && prior > 0; model++) {
            double half = Math.abs(at[model]) / 2;
            sum -= prior * (half + Math.log1p(Math.exp(-2 * half)));
        }
        return sum;
    }

    /** In nats, of the battles alone. */
    double battles(double[] at) {
        double sum = 0;
        double tieLogit = tieLogit(at);
        for (int row = 0; row < tally.rows(); row++) {
            double difference = difference(row, at);
            double left = tally.count(row, Outcome.LEFT);
            double right = tally.count(row, Outcome.RIGHT);
            double tied = tally.count(row, Outcome.TIE);
            sum += (left * LEFT + right * RIGHT) * difference
                    + (ties == Ties.HALF ? 0 : tied * tieLogit)
                    - (left + right + tied) * logNormalizer(difference, tieLogit);
        }
        return sum;
    }

    /**
     * Derivatives at a point.
     *
     * @param gradient {@code [size]}
     * @param information {@code [size, size]}: second derivatives with their sign changed
     * @param scatter {@code [size, size]}: the sum of squares of each battle's own gradient; zero where nobody asked for it
     */
    record Derivatives(double[] gradient, double[][] information, double[][] scatter) {}

    /** @param scattered whether the scatter is computed, which the way to the maximum needs nothing of */
    Derivatives derivatives(double[] at, boolean scattered) {
        Derivatives sums = new Derivatives(new double[size()], new double[size()][size()], new double[size()][size()]);
        double tieLogit = tieLogit(at);
        int[] which = new int[2 + tally.features() + 1];
        double[] by = new double[which.length];
        for (int row = 0; row < tally.rows(); row++) {
            double difference = difference(row, at);
            double log = logNormalizer(difference, tieLogit);
            double left = Math.exp(LEFT * difference - log);
            double right = Math.exp(RIGHT * difference - log);
            double tied = ties == Ties.HALF ? 0 : Math.exp(tieLogit - log);
            double mean = LEFT * left + RIGHT * right;
            double spread = LEFT * LEFT * left + RIGHT * RIGHT * right - mean * mean;
            int entries = entries(row, which, by);
            double all = 0;
            for (Outcome outcome : OUTCOMES) {
                double count = tally.count(row, outcome);
                all += count;
                double residual = outcome.points() - 0.5 - mean;
                double tieResidual = (outcome == Outcome.TIE ? 1 : 0) - tied;
                if (count > 0) {
                    addGradient(sums.gradient, which, by, entries, count * residual, count * tieResidual);
                    if (scattered) {
                        addScatter(sums.scatter, which, by, entries, count, residual, tieResidual);
                    }
                }
            }
            addInformation(sums.information, which, by, entries, all * spread, all * mean * tied);
            if (ties == Ties.DAVIDSON) {
                sums.information[tie][tie] += all * tied * (1 - tied);
            }
        }
        for (int model = 0; model < tally.models() && prior > 0; model++) {
            double mean = Math.tanh(at[model] / 2) / 2;
            sums.gradient[model] -= prior * mean;
            sums.information[model][model] += prior * (0.25 - mean * mean);
            sums.scatter[model][model] += prior * mean * mean;
        }
        return sums;
    }

    /** Parameters that a row's difference depends on, and by how much. */
    private int entries(int row, int[] which, double[] by) {
        which[0] = tally.first(row);
        by[0] = 1;
        which[1] = tally.second(row);
        by[1] = -1;
        for (int feature = 0; feature < tally.features(); feature++) {
            which[2 + feature] = tally.models() + feature;
            by[2 + feature] = tally.style(row, feature);
        }
        return 2 + tally.features();
    }

    private void addGradient(double[] gradient, int[] which, double[] by, int entries, double residual, double tied) {
        for (int i = 0; i < entries; i++) {
            gradient[which[i]] += residual * by[i];
        }
        if (ties == Ties.DAVIDSON) {
            gradient[tie] += tied;
        }
    }

    private void addScatter(
            double[][] scatter, int[] which, double[] by, int entries, double count, double residual, double tied) {
        for (int i = 0; i < entries; i++) {
            for (int j = 0; j < entries; j++) {
                scatter[which[i]][which[j]] += count * residual * residual * by[i] * by[j];
            }
            if (ties == Ties.DAVIDSON) {
                double product = count * residual * tied * by[i];
                scatter[which[i]][tie] += product;
                scatter[tie][which[i]] += product;
            }
        }
        if (ties == Ties.DAVIDSON) {
            scatter[tie][tie] += count * tied * tied;
        }
    }

    /** The tie's indicator and the score of an outcome never are both other than 0: their covariance is minus the means' product. */
    private void addInformation(
            double[][] information, int[] which, double[] by, int entries, double spread, double means) {
        for (int i = 0; i < entries; i++) {
            for (int j = 0; j < entries; j++) {
                information[which[i]][which[j]] += spread * by[i] * by[j];
            }
            if (ties == Ties.DAVIDSON) {
                information[which[i]][tie] -= means * by[i];
                information[tie][which[i]] -= means * by[i];
            }
        }
    }
}
