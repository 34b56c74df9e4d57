package org.kolotoc.eval.image;

/** How alike two pictures of one size are, whose pixels are from 0 to 1, {@code [height, width]}. */
final class Similarity {
    /** Of Wang et al., section III. */
    static final int WINDOW = 11;

    private static final double DEVIATION = 1.5;
    private static final double OF_MEANS = 1e-4;
    private static final double OF_VARIANCES = 9e-4;

    private Similarity() {}

    /** The peak signal by noise, in decibels; infinite where they are the same. */
    static double peakByNoise(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (double) (one[i] - other[i]);
        }
        return -10 * StrictMath.log10(sum / one.length);
    }

    /**
     * The mean structural similarity (Wang et al., Image quality assessment, 2004, equation 13), in windows of 11 x 11 pixels
     * with Gaussian weights that lie inside the picture.
     *
     * @throws IllegalArgumentException when it is smaller than a window
     */
    static double structure(float[] one, float[] other, int height, int width) {
        if (height < WINDOW || width < WINDOW) {
            throw new IllegalArgumentException(
                    "pictures of " + height + " x " + width + " pixels; expected at least " + WINDOW + " x " + WINDOW);
        }
        double[] weights = weights();
        double sum = 0;
        for (int y = 0; y + WINDOW <= height; y++) {
            for (int x = 0; x + WINDOW <= width; x++) {
                sum += structure(one, other, y * width + x, width, weights);
            }
        }
        return sum / ((height - WINDOW + 1.0) * (width - WINDOW + 1));
    }

    private static double structure(float[] one, float[] other, int from, int width, double[] weights) {
        double first = 0;
        double second = 0;
        double squares = 0;
        double others = 0;
        double products = 0;
        for (int i = 0; i < WINDOW * WINDOW; i++) {
            double weight = weights[i / WINDOW] * weights[i % WINDOW];
            int at = from + i / WINDOW * width + i % WINDOW;
            first += weight * one[at];
            second += weight * other[at];
            squares += weight * one[at] * one[at];
            others += weight * other[at] * other[at];
            products += weight * one[at] * other[at];
        }
        double variances = squares - first * first + others - second * second;
        return (2 * first * second + OF_MEANS)
                * (2 * (products - first * second) + OF_VARIANCES)
                / ((first * first + second * second + OF_MEANS) * (variances + OF_VARIANCES));
    }

    private static double[] weights() {
        double[] weights = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            double away = (i - WINDOW / 2) / DEVIATION;
            weights[i] = StrictMath.exp(-away * away / 2);
            sum += weights[i];
        }
        for (int i = 0; i < WINDOW; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
