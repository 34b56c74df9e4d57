package org.kolotoc.backend.tornado.kernels;

import java.util.Comparator;
import java.util.Locale;

/**
 * An array on the device, which kernels take as an argument. All buffers of a purpose lie in one, of floats or of ints, so
 * that a kernel has few arguments and the host sends few arrays; where they are too many for an array, in several.
 *
 * @param floating whether it is an array of floats; one of ints is for {@code i32} and {@code bool}
 * @param number of the array among those of its purpose and type, from 0
 */
public record DeviceMemory(Purpose purpose, boolean floating, int number) implements Comparable<DeviceMemory> {
    private static final Comparator<DeviceMemory> ORDER = Comparator.comparing(DeviceMemory::purpose)
            .thenComparing(memory -> !memory.floating())
            .thenComparingInt(DeviceMemory::number);

    /** What is in an array. */
    public enum Purpose {
        /** Intermediate values, and what kernels need for themselves. */
        SCRATCH,
        /** States of the program, and its literals: they stay on the device. */
        STATES,
        /** Feeds: the host sends them with every run. */
        FEEDS,
        /** Outputs: written by every run, fetched when they are read. */
        RESULTS
    }

    /** The first array of a purpose. */
    static DeviceMemory first(Purpose purpose, boolean floating) {
        return new DeviceMemory(purpose, floating, 0);
    }

    DeviceMemory next() {
        return new DeviceMemory(purpose, floating, number + 1);
    }

    @Override
    public int compareTo(DeviceMemory other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (floating ? "float " : "int ") + purpose.name().toLowerCase(Locale.ROOT) + " " + number;
    }
}
