package org.kolotoc.api;

/** Takes numbers by the names of declared {@link Measure}s: {@code loss/train}, {@code tokens}. */
@FunctionalInterface
public interface Measurements {
    void put(String name, double value);

    /**
     * For people who wait: that so many of all parts of a long measurement are done; to be told of each, from 1 on.
     *
     * @throws Stopped when somebody wants to stop
     */
    default void reached(long done, long all) {}
}
