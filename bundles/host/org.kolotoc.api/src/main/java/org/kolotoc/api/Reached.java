package org.kolotoc.api;

/** Hears how far long work is, for people who wait. */
@FunctionalInterface
public interface Reached {
    /**
     * So many of all parts are done; to be told of each, from 1 on.
     *
     * @throws Stopped when somebody wants to stop
     */
    void reached(long done, long all);
}
