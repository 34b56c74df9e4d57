package org.kolotoc.api;

/** Takes numbers by the names of declared {@link Measure}s: {@code loss/train}, {@code tokens}. */
@FunctionalInterface
public interface Measurements extends Reached {
    void put(String name, double value);

    /** Nobody waits where nothing else is said. */
    @Override
    default void reached(long done, long all) {}
}
