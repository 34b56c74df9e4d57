package org.kolotoc.eval.arena.rating;

/** A symmetric positive definite matrix as the product of a lower triangle with its transpose. */
final class Cholesky {
    /** What is left of a diagonal element that depends on those before it, as a share of it: rounding. */
    private static final double DEPENDENT = 1e-11;

    private final double[][] lower;
    private final int deficient;

    private Cholesky(double[][] lower, int deficient) {
        this.lower = lower;
        this.deficient = deficient;
    }

    /** Decomposes; {@link #deficient()} says whether that could be done. */
    static Cholesky of(double[][] matrix) {
        int size = matrix.length;
        double[][] lower = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                if (j < i) {
                    lower[i][j] = sum / lower[j][j];
                } else if (sum > DEPENDENT * matrix[i][i]) {
                    lower[i][i] = Math.sqrt(sum);
                } else {
                    return new Cholesky(lower, i);
                }
            }
        }
        return new Cholesky(lower, -1);
    }

    /** The first row that those before it determine; -1 where there is none. */
    int deficient() {
        return deficient;
    }

    double[] solve(double[] right) {
        int size = right.length;
        double[] x = right.clone();
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= lower[i][k] * x[k];
            }
            x[i] /= lower[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int k = i + 1; k < size; k++) {
                x[i] -= lower[k][i] * x[k];
            }
            x[i] /= lower[i][i];
        }
        return x;
    }

    /** {@code [size, size]} */
    double[][] inverse() {
        double[][] inverse = new double[lower.length][];
        for (int i = 0; i < lower.length; i++) {
            double[] unit = new double[lower.length];
            unit[i] = 1;
            inverse[i] = solve(unit);
        }
        return inverse;
    }
}
