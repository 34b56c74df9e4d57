package org.kolotoc.eval.arena.rating;

import java.util.Arrays;

/** Scores straight from who took how many points from whom: simpler than strengths, and not blind to who fought whom. */
public final class PointScores {
    private static final int MOST_ITERATIONS = 10_000;
    private static final double CONVERGED = 1e-14;

    private final double[][] points;

    private PointScores(double[][] points) {
        this.points = points;
    }

    public static PointScores of(Battles battles) {
        return new PointScores(battles.points());
    }

    /** {@code [model]}: points, a tie being half of one. */
    public double[] counting() {
        return Arrays.stream(points)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
    }

    /** {@code [model]}: the share of points that it took from an opponent, in the mean over those it met. */
    public double[] averageWinRate() {
        double[] rates = new double[points.length];
        for (int model = 0; model < rates.length; model++) {
            int met = 0;
            for (int other = 0; other < rates.length; other++) {
                double both = points[model][other] + points[other][model];
                if (both > 0) {
                    rates[model] += points[model][other] / both;
                    met++;
                }
            }
            rates[model] /= met;
        }
        return rates;
    }

    /**
     * {@code [model]}: points that count as much as whom they were taken from, the leading eigenvector of the matrix of points (Kendall
     * 1955), of length 1.
     */
    public double[] eigenvector() {
        double[] scores = fixed(points);
        double length = Math.sqrt(Arrays.stream(scores).map(x -> x * x).sum());
        return Arrays.stream(scores).map(x -> x / length).toArray();
    }

    /**
     * {@code [model]}: the share of its time that somebody spends with each who moves from a model to those who took points from it,
     * as often as they did, and else to any (Page and Brin 1998).
     *
     * @param damping share of moves along points, usually 0.85
     */
    public double[] pageRank(double damping) {
        int models = points.length;
        double[][] moves = new double[models][models];
        for (int from = 0; from < models; from++) {
            double lost = 0;
            for (double[] row : points) {
                lost += row[from];
            }
            for (int to = 0; to < models; to++) {
                moves[to][from] =
                        damping * (lost > 0 ? points[to][from] / lost : 1.0 / models) + (1 - damping) / models;
            }
        }
        return fixed(moves);
    }

    /** What a matrix without negative entries changes by a factor alone, of sum 1: by repeated multiplication. */
    private static double[] fixed(double[][] matrix) {
        double[] at = new double[matrix.length];
        Arrays.fill(at, 1.0 / at.length);
        double moved = 1;
        for (int iteration = 0; iteration < MOST_ITERATIONS && moved > CONVERGED; iteration++) {
            double[] next = new double[at.length];
            for (int i = 0; i < at.length; i++) {
                for (int j = 0; j < at.length; j++) {
                    next[i] += matrix[i][j] * at[j];
                }
            }
            double sum = Arrays.stream(next).sum();
            moved = 0;
            for (int i = 0; i < at.length; i++) {
                next[i] /= sum;
                moved = Math.max(moved, Math.abs(next[i] - at[i]));
            }
            at = next;
        }
        return at;
    }
}
