package org.kolotoc.tensor;

import java.util.Arrays;

/**
 * First content of a parameter. Element {@code i} of a parameter depends on the seed, the parameter's name and
 * {@code i} alone, so that adding a layer leaves the others as they were.
 *
 * <p>One of your own says what an element is: {@code (random, index) -> index % 2 == 0 ? 1 : random.normal(index)}.
 */
@FunctionalInterface
public interface Initializer {
    /** Every element the same. */
    record Constant(double value) implements Initializer {
        @Override
        public double at(CounterRandom random, int index) {
            return value;
        }
    }

    /** Normal with mean 0. */
    record Normal(double standardDeviation) implements Initializer {
        @Override
        public double at(CounterRandom random, int index) {
            return standardDeviation * random.normal(index);
        }
    }

    /** Uniform in [-bound, bound). */
    record Uniform(double bound) implements Initializer {
        @Override
        public double at(CounterRandom random, int index) {
            return bound * (2.0 * random.uniform(index) - 1.0);
        }
    }

    /** The given elements in row-major order, as many as the parameter has. */
    final class Values implements Initializer {
        private final float[] values;

        public Values(float... values) {
            this.values = values.clone();
        }

        public int size() {
            return values.length;
        }

        @Override
        public double at(CounterRandom random, int index) {
            return values[index];
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Values that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return values.length + " values";
        }
    }

    /**
     * The element at a row-major index: a function of the two alone, without state, that any thread may ask for in any order.
     *
     * @param random of the seed and the parameter's name; what is drawn for an index is drawn at it
     */
    double at(CounterRandom random, int index);

    /** Elements that are written at a time: a large table needs no array of its size on the heap. */
    int PART = 1 << 16;

    Initializer ZEROS = new Constant(0);
    Initializer ONES = new Constant(1);

    /** Writes the first content of a parameter. */
    default void fill(float[] values, long seed, String name) {
        fill(values, random(seed, name), 0);
    }

    /** Writes the first content of a parameter of any type, part by part; whole numbers are truncated. */
    default void fill(Buffer buffer, long seed, String name) {
        CounterRandom random = random(seed, name);
        int size = buffer.shape().size();
        for (int parts = 0; (long) parts * PART < size; parts++) {
            int first = parts * PART;
            int count = Math.min(PART, size - first);
            if (buffer.dtype() == DType.F32) {
                float[] values = new float[count];
                fill(values, random, first);
                buffer.write(first, values);
            } else {
                int[] values = new int[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (int) at(random, first + i);
                }
                buffer.write(first, values);
            }
        }
    }

    private static CounterRandom random(long seed, String name) {
        return new CounterRandom(seed, "initializer/" + name);
    }

    private void fill(float[] values, CounterRandom random, int first) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) at(random, first + i);
        }
    }
}
