package org.kolotoc.tensor;

/**
 * First content of a parameter. Element {@code i} of a parameter depends on the seed, the parameter's name and
 * {@code i} alone, so that adding a layer leaves the others as they were.
 */
public sealed interface Initializer {
    /** Every element the same. */
    record Constant(double value) implements Initializer {}

    /** Normal with mean 0. */
    record Normal(double standardDeviation) implements Initializer {}

    /** Uniform in [-bound, bound). */
    record Uniform(double bound) implements Initializer {}

    /** Elements that are written at a time: a large table needs no array of its size on the heap. */
    int PART = 1 << 16;

    Initializer ZEROS = new Constant(0);
    Initializer ONES = new Constant(1);

    /** Writes the first content of a parameter. */
    default void fill(float[] values, long seed, String name) {
        fill(values, new CounterRandom(seed, "initializer/" + name), 0);
    }

    /** Writes the first content of a parameter of any type, part by part. */
    default void fill(Buffer buffer, long seed, String name) {
        CounterRandom random = new CounterRandom(seed, "initializer/" + name);
        int size = buffer.shape().size();
        for (int first = 0; first < size; first += PART) {
            float[] values = new float[Math.min(PART, size - first)];
            fill(values, random, first);
            if (buffer.dtype() == DType.F32) {
                buffer.write(first, values);
                continue;
            }
            int[] whole = new int[values.length];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = (int) values[i];
            }
            buffer.write(first, whole);
        }
    }

    private void fill(float[] values, CounterRandom random, int first) {
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (this) {
                case Constant constant -> (float) constant.value();
                case Normal normal -> (float) (normal.standardDeviation() * random.normal(first + i));
                case Uniform uniform -> (float) (uniform.bound() * (2.0 * random.uniform(first + i) - 1.0));
            };
        }
    }
}
