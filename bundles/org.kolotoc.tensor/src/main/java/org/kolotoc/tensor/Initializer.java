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

    Initializer ZEROS = new Constant(0);
    Initializer ONES = new Constant(1);

    /** Writes the first content of a parameter. */
    default void fill(float[] values, long seed, String name) {
        CounterRandom random = new CounterRandom(seed, "initializer/" + name);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (this) {
                case Constant constant -> (float) constant.value();
                case Normal normal -> (float) (normal.standardDeviation() * random.normal(i));
                case Uniform uniform -> (float) (uniform.bound() * (2.0 * random.uniform(i) - 1.0));
            };
        }
    }
}
