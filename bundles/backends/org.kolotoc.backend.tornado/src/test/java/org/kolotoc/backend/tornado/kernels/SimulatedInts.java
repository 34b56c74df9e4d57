package org.kolotoc.backend.tornado.kernels;

/** Takes the place of {@code IntArray} in generated classes. */
public final class SimulatedInts {
    final int[] elements;

    SimulatedInts(int size) {
        elements = new int[size];
    }

    public int get(int index) {
        return elements[index];
    }

    public void set(int index, int value) {
        elements[index] = value;
    }
}
