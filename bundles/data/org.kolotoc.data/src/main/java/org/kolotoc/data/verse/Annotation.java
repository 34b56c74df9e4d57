package org.kolotoc.data.verse;

/** What annotators say, in bits. */
public final class Annotation {
    private Annotation() {}

    /** A choice of one among so many. */
    public static double choice(int among) {
        return Math.log(among) / Math.log(2);
    }

    /**
     * Which of two texts is better: a bit, less what is lost where some of them come out the wrong way round (the capacity of a binary
     * symmetric channel, Shannon 1948).
     *
     * @param noise share of those, below 0.5
     */
    public static double comparison(double noise) {
        return 1 - entropy(noise) - entropy(1 - noise);
    }

    /**
     * An order of answers, by comparing any two of them: more than it tells, as some comparisons follow from others.
     *
     * @param noise of each comparison
     */
    public static double order(int answers, double noise) {
        return answers * (answers - 1) / 2.0 * comparison(noise);
    }

    private static double entropy(double share) {
        return share == 0 ? 0 : -share * Math.log(share) / Math.log(2);
    }
}
