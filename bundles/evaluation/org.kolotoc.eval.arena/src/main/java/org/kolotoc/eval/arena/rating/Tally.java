package org.kolotoc.eval.arena.rating;

import java.util.Arrays;

/**
 * All that a likelihood needs to know of battles: how often each outcome was seen in equal ones. Without style features
 * those are all battles of a pair, whichever side they stood on, so their order changes no bit.
 */
final class Tally {
    private final int models;
    private final int features;
    /** Of each row: its first model, its second, differences of style. */
    private final int[] first;

    private final int[] second;
    private final double[][] style;
    /** {@code [row, outcome]}, seen from the first model. */
    private final double[][] counts;

    private Tally(int models, int features, int[] first, int[] second, double[][] style, double[][] counts) {
        this.models = models;
        this.features = features;
        this.first = first;
        this.second = second;
        this.style = style;
        this.counts = counts;
    }

    /** Of all battles, each once, with or without their style features. */
    static Tally of(Battles battles, boolean styled) {
        int[] once = new int[battles.size()];
        Arrays.fill(once, 1);
        return of(battles, styled, once);
    }

    /** @param times how often each battle counts */
    static Tally of(Battles battles, boolean styled, int[] times) {
        return styled && !battles.features().isEmpty() ? ofEach(battles, times) : ofPairs(battles, times);
    }

    private static Tally ofPairs(Battles battles, int[] times) {
        int models = battles.models().size();
        double[][] all = new double[models * models][];
        for (int battle = 0; battle < times.length; battle++) {
            if (times[battle] > 0) {
                int left = battles.left(battle);
                int right = battles.right(battle);
                Outcome outcome = battles.outcome(battle);
                int pair = Math.min(left, right) * models + Math.max(left, right);
                if (all[pair] == null) {
                    all[pair] = new double[Outcome.values().length];
                }
                all[pair][(left < right ? outcome : outcome.reversed()).ordinal()] += times[battle];
            }
        }
        double[][] counts = Arrays.stream(all).filter(row -> row != null).toArray(double[][]::new);
        int[] first = new int[counts.length];
        int[] second = new int[counts.length];
        int row = 0;
        for (int pair = 0; pair < all.length; pair++) {
            if (all[pair] != null) {
                first[row] = pair / models;
                second[row++] = pair % models;
            }
        }
        return new Tally(models, 0, first, second, new double[counts.length][0], counts);
    }

    private static Tally ofEach(Battles battles, int[] times) {
        int rows = (int) Arrays.stream(times).filter(count -> count > 0).count();
        int features = battles.features().size();
        Tally tally = new Tally(
                battles.models().size(),
                features,
                new int[rows],
                new int[rows],
                new double[rows][features],
                new double[rows][Outcome.values().length]);
        int row = 0;
        for (int battle = 0; battle < times.length; battle++) {
            if (times[battle] > 0) {
                tally.first[row] = battles.left(battle);
                tally.second[row] = battles.right(battle);
                for (int feature = 0; feature < features; feature++) {
                    tally.style[row][feature] = battles.style(battle, feature);
                }
                tally.counts[row][battles.outcome(battle).ordinal()] = times[battle];
                row++;
            }
        }
        return tally;
    }

    int models() {
        return models;
    }

    int features() {
        return features;
    }

    int rows() {
        return first.length;
    }

    int first(int row) {
        return first[row];
    }

    int second(int row) {
        return second[row];
    }

    double style(int row, int feature) {
        return style[row][feature];
    }

    double count(int row, Outcome outcome) {
        return counts[row][outcome.ordinal()];
    }

    double all(Outcome outcome) {
        double sum = 0;
        for (double[] row : counts) {
            sum += row[outcome.ordinal()];
        }
        return sum;
    }
}
