package org.kolotoc.phase.adversarial;

/** How far samples are from their mean. */
final class Spread {
    private final double[] sums;
    private final double[] squares;
    private double count;

    /** @param size numbers of a sample */
    Spread(int size) {
        this.sums = new double[size];
        this.squares = new double[size];
    }

    /**
     * Adds rows.
     *
     * @param samples {@code [batch, size]}
     * @param weights {@code [batch]}; 0 of what is no sample
     */
    void add(float[] samples, float[] weights) {
        for (int i = 0; i < samples.length; i++) {
            double weight = weights[i / sums.length];
            double value = weight * samples[i];
            sums[i % sums.length] += value;
            squares[i % sums.length] += value * samples[i];
        }
        for (float weight : weights) {
            count += weight;
        }
    }

    /** The root of the mean squared distance from the mean. */
    double deviation() {
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            double mean = sums[i] / count;
            sum += Math.max(0, squares[i] / count - mean * mean);
        }
        return Math.sqrt(sum);
    }
}
