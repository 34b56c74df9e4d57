package org.kolotoc.nn.statistics;

/**
 * How far two numberings of the same things put pairs of them into the same order. Pairs are of things within one {@link #add},
 * as answers to one question are.
 */
public final class Concordance {
    private long concordant;
    private long discordant;
    private long tiedFirst;
    private long tiedSecond;
    private long tiedBoth;

    /** Of two rows of numbers. */
    public static Concordance of(double[] first, double[] second) {
        Concordance concordance = new Concordance();
        concordance.add(first, second);
        return concordance;
    }

    /**
     * Counts all pairs of two rows of numbers.
     *
     * @throws IllegalArgumentException when they are not equally long
     */
    public void add(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(first.length + " numbers beside " + second.length);
        }
        for (int one = 0; one < first.length; one++) {
            for (int other = one + 1; other < first.length; other++) {
                count(order(first[one], first[other]), order(second[one], second[other]));
            }
        }
    }

    /** The same of numbers as devices have them. */
    public void add(float[] first, float[] second) {
        add(doubles(first), doubles(second));
    }

    /** The same of numbers of things that stand in their order, the highest first. */
    public void addFalling(float... numbers) {
        double[] falling = new double[numbers.length];
        for (int i = 0; i < falling.length; i++) {
            falling[i] = -i;
        }
        add(doubles(numbers), falling);
    }

    private static double[] doubles(float... floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    /** Unlike {@link Double#compare}, -0 is 0. */
    private static int order(double one, double other) {
        return one > other ? 1 : one < other ? -1 : 0;
    }

    private void count(int first, int second) {
        if (first == 0 && second == 0) {
            tiedBoth++;
        } else if (first == 0) {
            tiedFirst++;
        } else if (second == 0) {
            tiedSecond++;
        } else if (first > 0 == second > 0) {
            concordant++;
        } else {
            discordant++;
        }
    }

    private long untied() {
        return concordant + discordant;
    }

    /** Share of pairs which the second numbering orders that the first orders alike; those it ties are half. 0 of none. */
    public double accuracy() {
        long ordered = untied() + tiedFirst;
        return ordered == 0 ? 0 : (concordant + tiedFirst / 2.0) / ordered;
    }

    /** Concordant pairs less discordant ones, as a share of all (Kendall 1938). 0 of none. */
    public double tauA() {
        long all = untied() + tiedFirst + tiedSecond + tiedBoth;
        return all == 0 ? 0 : (concordant - discordant) / (double) all;
    }

    /** The same, as a share of the geometric mean of the pairs that each orders (Kendall 1945). 0 where one ties all. */
    public double tauB() {
        double pairs = Math.sqrt((double) (untied() + tiedFirst) * (untied() + tiedSecond));
        return pairs == 0 ? 0 : (concordant - discordant) / pairs;
    }
}
