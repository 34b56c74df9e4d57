package org.kolotoc.eval.image;

import java.util.Arrays;

/**
 * Where some vectors lie: within the spheres about each that reach to its third nearest (Kynkäänniemi et al., arXiv:1904.06991,
 * equations 1 and 2).
 *
 * @param vectors {@code [count, width]}
 * @param squares of the radii
 */
record Manifold(float[] vectors, int width, double[] squares) {
    private static final int NEAREST = 3;

    /** @param most vectors that are looked at, the first ones */
    static Manifold of(float[] vectors, int width, int most) {
        float[] some = Arrays.copyOf(vectors, Math.min(vectors.length, most * width));
        int count = some.length / width;
        double[] squares = new double[count];
        for (int i = 0; i < count; i++) {
            double[] nearest = new double[NEAREST];
            Arrays.fill(nearest, Double.POSITIVE_INFINITY);
            for (int j = 0; j < count; j++) {
                double square = i == j ? Double.POSITIVE_INFINITY : square(some, i, some, j, width);
                for (int place = 0; place < NEAREST; place++) {
                    if (square < nearest[place]) {
                        double farther = nearest[place];
                        nearest[place] = square;
                        square = farther;
                    }
                }
            }
            // Of few vectors the farthest there is.
            squares[i] = Arrays.stream(nearest).filter(Double::isFinite).max().orElse(0);
        }
        return new Manifold(some, width, squares);
    }

    private static double square(float[] a, int i, float[] b, int j, int width) {
        double sum = 0;
        for (int at = 0; at < width; at++) {
            double away = a[i * width + at] - b[j * width + at];
            sum += away * away;
        }
        return sum;
    }

    /** The share of another's vectors that lie within: of samples in data their precision, of data in samples their recall. */
    double share(Manifold other) {
        int count = other.squares.length;
        int within = 0;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < squares.length; j++) {
                if (square(other.vectors, i, vectors, j, width) <= squares[j]) {
                    within++;
                    break;
                }
            }
        }
        return within / (double) Math.max(1, count);
    }
}
