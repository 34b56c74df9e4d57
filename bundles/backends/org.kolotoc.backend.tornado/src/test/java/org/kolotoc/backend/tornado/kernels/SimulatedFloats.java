package org.kolotoc.backend.tornado.kernels;

/** Takes the place of {@code FloatArray} in generated classes. */
public final class SimulatedFloats {
    final float[] elements;

    SimulatedFloats(int size) {
        elements = new float[size];
    }

    public float get(int index) {
        return elements[index];
    }

    public void set(int index, float value) {
        elements[index] = value;
    }
}
