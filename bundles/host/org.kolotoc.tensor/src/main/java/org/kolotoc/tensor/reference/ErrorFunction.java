package org.kolotoc.tensor.reference;

/**
 * The error function to about 1e-15: its Maclaurin series near 0, the continued fraction of its complement elsewhere
 * (Abramowitz and Stegun, 7.1.6 and 7.1.14).
 */
final class ErrorFunction {
    private static final double SERIES_LIMIT = 2.5;
    private static final double ONE_FROM = 6;

    private ErrorFunction() {}

    static double erf(double x) {
        double size = Math.abs(x);
        if (Double.isNaN(x)) {
            return x;
        }
        double value = size >= ONE_FROM ? 1 : size < SERIES_LIMIT ? series(size) : 1 - complement(size);
        return Math.copySign(value, x);
    }

    /** {@code 2/sqrt(pi) exp(-x^2) sum over n of 2^n x^(2n+1) / (1 3 5 ... (2n+1))}: all terms positive. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-17; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }

    private static double complement(double x) {
        double fraction = x;
        for (int n = 60; n >= 1; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return StrictMath.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
