package org.kolotoc.nn.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What depends on the order of numbers alone; equal ones share the mean of their ranks. */
public final class Ranks {
    private Ranks() {}

    /** Ranks from 1 on, the smallest number first. */
    public static double[] of(double... numbers) {
        Integer[] order = IntStream.range(0, numbers.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> numbers[i]));
        double[] ranks = new double[numbers.length];
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && numbers[order[to]] == numbers[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    /**
     * The correlation of ranks (Spearman 1904). 0 where one row is all ties.
     *
     * @throws IllegalArgumentException when they are not equally long
     */
    public static double spearman(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(first.length + " numbers beside " + second.length);
        }
        double[] one = centred(of(first));
        double[] other = centred(of(second));
        double product = 0;
        for (int i = 0; i < one.length; i++) {
            product += one[i] * other[i];
        }
        double size = Math.sqrt(squares(one) * squares(other));
        return size == 0 ? 0 : product / size;
    }

    private static double[] centred(double... ranks) {
        return DoubleStream.of(ranks)
                .map(rank -> rank - (ranks.length + 1) / 2.0)
                .toArray();
    }

    private static double squares(double... numbers) {
        return DoubleStream.of(numbers).map(number -> number * number).sum();
    }

    /**
     * The area under the curve of true against false positives: how likely a positive has a higher score than a negative, an
     * equal one counting half (Mann and Whitney 1947).
     *
     * @throws IllegalArgumentException when they are not equally many, or all are of one kind
     */
    public static double auc(boolean[] positive, double[] scores) {
        if (positive.length != scores.length) {
            throw new IllegalArgumentException(positive.length + " labels beside " + scores.length + " scores");
        }
        double[] ranks = of(scores);
        double sum = 0;
        long positives = 0;
        for (int i = 0; i < ranks.length; i++) {
            if (positive[i]) {
                sum += ranks[i];
                positives++;
            }
        }
        long negatives = ranks.length - positives;
        if (positives == 0 || negatives == 0) {
            throw new IllegalArgumentException(
                    positives + " positives and " + negatives + " negatives; expected some of both");
        }
        return (sum - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
    }
}
