package org.kolotoc.eval.image;

/**
 * The Gaussian with the mean and the covariance of some vectors.
 *
 * @param covariance with {@code count - 1}
 */
record Gaussian(double[] mean, double[][] covariance) {
    /**
     * Of vectors.
     *
     * @param vectors {@code [count, width]}, at least two
     */
    static Gaussian of(double[] vectors, int width) {
        int count = vectors.length / width;
        double[] mean = new double[width];
        for (int i = 0; i < vectors.length; i++) {
            mean[i % width] += vectors[i] / count;
        }
        double[][] covariance = new double[width][width];
        double[] away = new double[width];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < width; i++) {
                away[i] = vectors[row * width + i] - mean[i];
            }
            for (int i = 0; i < width; i++) {
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += away[i] * away[j] / (count - 1);
                }
            }
        }
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                covariance[j][i] = covariance[i][j];
            }
        }
        return new Gaussian(mean, covariance);
    }

    /**
     * The squared Fréchet distance (Dowson and Landau 1982; of features of pictures: Heusel et al., arXiv:1706.08500): {@code |m -
     * n|^2 + tr(S + T - 2 (S T)^1/2)}, whose last trace is that of {@code (S^1/2 T S^1/2)^1/2}.
     */
    double distance(Gaussian other) {
        double distance = 0;
        for (int i = 0; i < mean.length; i++) {
            double away = mean[i] - other.mean[i];
            distance += away * away + covariance[i][i] + other.covariance[i][i];
        }
        double[][] root = Symmetric.of(covariance).with(Gaussian::root);
        for (double value :
                Symmetric.of(product(product(root, other.covariance), root)).values()) {
            distance -= 2 * root(value);
        }
        return Math.max(0, distance);
    }

    /** Of what rounding left below 0, 0. */
    private static double root(double value) {
        return Math.sqrt(Math.max(0, value));
    }

    private static double[][] product(double[][] a, double[][] b) {
        int n = a.length;
        double[][] product = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < n; j++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }
}
