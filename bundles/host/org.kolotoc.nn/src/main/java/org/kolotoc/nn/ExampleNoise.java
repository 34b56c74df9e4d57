package org.kolotoc.nn;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.CounterRandom;

/**
 * Noise that examples are made of: of an example the same, however many there are.
 *
 * @param size numbers of an example
 * @param between two examples by their numbers: what is drawn leads from the one to the other in even steps; empty for examples
 *     by themselves
 */
public record ExampleNoise(int examples, int size, List<Integer> between) {
    /** Nearer to each other, two directions are one. */
    private static final double FLAT = 1e-6;

    /**
     * Checks the examples that are named.
     *
     * @throws IllegalArgumentException when they are neither none nor two
     */
    public ExampleNoise {
        between = List.copyOf(between);
        if (!between.isEmpty() && between.size() != 2) {
            throw new IllegalArgumentException(between + " are " + between.size() + " examples; expected 2, or none");
        }
    }

    /** {@code [examples, size]}, by a random number generator. */
    public float[] of(CounterRandom random) {
        float[] noise = new float[examples * size];
        if (between.isEmpty()) {
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) random.normal(i);
            }
            return noise;
        }
        double[] from = of(random, between.getFirst());
        double[] to = of(random, between.getLast());
        for (int example = 0; example < examples; example++) {
            double[] there = between(from, to, example / Math.max(1.0, examples - 1));
            for (int i = 0; i < size; i++) {
                noise[example * size + i] = (float) there[i];
            }
        }
        return noise;
    }

    private double[] of(CounterRandom random, int example) {
        double[] noise = new double[size];
        Arrays.setAll(noise, i -> random.normal((long) example * size + i));
        return noise;
    }

    /** Along the arc, so that it stays as long as noise is (Shoemake, Animating rotation with quaternion curves, 1985). */
    static double[] between(double[] from, double[] to, double share) {
        double product = 0;
        double ofFrom = 0;
        double ofTo = 0;
        for (int i = 0; i < from.length; i++) {
            product += from[i] * to[i];
            ofFrom += from[i] * from[i];
            ofTo += to[i] * to[i];
        }
        double angle = StrictMath.acos(Math.clamp(product / Math.sqrt(ofFrom * ofTo), -1, 1));
        boolean flat = StrictMath.sin(angle) < FLAT;
        double first = flat ? 1 - share : StrictMath.sin((1 - share) * angle) / StrictMath.sin(angle);
        double second = flat ? share : StrictMath.sin(share * angle) / StrictMath.sin(angle);
        double[] there = new double[from.length];
        Arrays.setAll(there, i -> first * from[i] + second * to[i]);
        return there;
    }
}
