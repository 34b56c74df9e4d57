package org.kolotoc.backend.tornado.kernels;

/**
 * The arrays on the device that kernels take as arguments: for each purpose one of floats, and one of ints for {@code i32}
 * and {@code bool}. All buffers of a purpose lie in one, so that a kernel has few arguments and the host sends few arrays.
 */
public enum DeviceMemory {
    /** Intermediate values, and what kernels need for themselves. */
    FLOAT_SCRATCH,
    INT_SCRATCH,
    /** States of the program, and its literals: they stay on the device. */
    FLOAT_STATES,
    INT_STATES,
    /** Feeds: the host sends them with every run. */
    FLOAT_FEEDS,
    INT_FEEDS,
    /** Outputs: written by every run, fetched when they are read. */
    FLOAT_RESULTS,
    INT_RESULTS;

    /** Whether it is an array of floats. */
    public boolean isFloating() {
        return ordinal() % 2 == 0;
    }
}
