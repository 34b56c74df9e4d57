package org.kolotoc.api;

/** Takes numbers by the names of declared {@link Measure}s: {@code loss/train}, {@code tokens}. */
@FunctionalInterface
public interface Measurements extends Reached {
    void put(String name, double value);

    /**
     * Takes something to look at beside the numbers of an evaluation, a table or a picture: people are shown it, and the run's
     * folder and its report have it beside the samples. Of a step nothing is shown.
     *
     * @param name as that of a measure, of lower-case letters, digits and hyphens, with at least one slash between: {@code arena/leaderboard}
     */
    default void show(String name, Sample sample) {}

    /** Nobody waits where nothing else is said. */
    @Override
    default void reached(long done, long all) {}
}
