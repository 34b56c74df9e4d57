package org.kolotoc.engine.run;

/**
 * How much is worked on in a second, by the steps of a phase alone: what is done between them, evaluations and samples, does not
 * count. A step counts the less the longer ago it was, {@code 1 / e} after {@link #SECONDS} of steps; the first, which compiles,
 * until there is a second.
 */
final class RecentRate {
    private static final double SECONDS = 5;

    private long steps;
    private double work;
    private double seconds;

    /**
     * The rate after another step.
     *
     * @param done amount of work
     * @param took in seconds
     */
    double after(double done, double took) {
        double kept = steps++ < 2 ? 0 : Math.exp(-took / SECONDS);
        work = kept * work + done;
        seconds = kept * seconds + took;
        return work / seconds;
    }
}
