package org.kolotoc.eval.image;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * A symmetric matrix by its eigenvalues.
 *
 * @param vectors the eigenvectors in its columns
 */
record Symmetric(double[] values, double[][] vectors) {
    private static final int SWEEPS = 100;
    private static final double SMALL = 1e-28;

    /** By rotations of two axes at a time (Jacobi; Golub and Van Loan, Matrix computations, section 8.5). */
    static Symmetric of(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][];
        double[][] vectors = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i] = matrix[i].clone();
            vectors[i][i] = 1;
        }
        double all = squares(a, true);
        for (int sweep = 0; sweep < SWEEPS && squares(a, false) > SMALL * all; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, vectors, p, q);
                }
            }
        }
        double[] values = new double[n];
        Arrays.setAll(values, i -> a[i][i]);
        return new Symmetric(values, vectors);
    }

    private static double squares(double[][] a, boolean diagonal) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                sum += i != j || diagonal ? a[i][j] * a[i][j] : 0;
            }
        }
        return sum;
    }

    /** So that the element between two axes becomes 0. */
    private static void rotate(double[][] a, double[][] vectors, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double ratio = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double tangent = Math.copySign(1, ratio) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
        double cosine = 1 / Math.sqrt(1 + tangent * tangent);
        double sine = tangent * cosine;
        for (double[] row : a) {
            turn(row, p, q, cosine, sine);
        }
        for (int i = 0; i < a.length; i++) {
            double one = a[p][i];
            a[p][i] = cosine * one - sine * a[q][i];
            a[q][i] = sine * one + cosine * a[q][i];
        }
        for (double[] row : vectors) {
            turn(row, p, q, cosine, sine);
        }
    }

    private static void turn(double[] row, int p, int q, double cosine, double sine) {
        double one = row[p];
        row[p] = cosine * one - sine * row[q];
        row[q] = sine * one + cosine * row[q];
    }

    /** The matrix with another function of its eigenvalues, as its root. */
    double[][] with(DoubleUnaryOperator function) {
        int n = values.length;
        double[][] matrix = new double[n][n];
        for (int k = 0; k < n; k++) {
            double value = function.applyAsDouble(values[k]);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    matrix[i][j] += vectors[i][k] * value * vectors[j][k];
                }
            }
        }
        return matrix;
    }
}
