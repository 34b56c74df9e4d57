package org.kolotoc.phase.adversarial;

import java.util.Arrays;
import org.kolotoc.tensor.CounterRandom;

/**
 * Samples as seen from some sides: the dot products with directions that are drawn at random, always the same ones (Rabin et al.,
 * 2011, sliced Wasserstein distance; Karras et al., arXiv:1710.10196, section 5, of pictures).
 */
final class Slices {
    private static final int DIRECTIONS = 64;

    private final int size;
    private final float[][] directions = new float[DIRECTIONS][];
    private final float[][] seen = new float[DIRECTIONS][];
    private int count;

    /**
     * @param size numbers of a sample
     * @param most samples that there may be
     */
    Slices(int size, int most) {
        this.size = size;
        for (int i = 0; i < DIRECTIONS; i++) {
            CounterRandom random = new CounterRandom(1, "slice/" + i);
            float[] direction = new float[size];
            double length = 0;
            for (int k = 0; k < size; k++) {
                direction[k] = (float) random.normal(k);
                length += direction[k] * direction[k];
            }
            for (int k = 0; k < size; k++) {
                direction[k] /= (float) Math.sqrt(length);
            }
            directions[i] = direction;
            seen[i] = new float[most];
        }
    }

    /**
     * Adds rows.
     *
     * @param samples {@code [batch, size]}
     * @param weights {@code [batch]}; 0 of what is no sample
     */
    void add(float[] samples, float[] weights) {
        for (int row = 0; row < weights.length; row++) {
            if (weights[row] == 0) {
                continue;
            }
            for (int i = 0; i < DIRECTIONS; i++) {
                double product = 0;
                for (int k = 0; k < size; k++) {
                    product += directions[i][k] * samples[row * size + k];
                }
                seen[i][count] = (float) product;
            }
            count++;
        }
    }

    /** The root of the mean squared distance from the mean, over all directions. */
    double deviation() {
        double squares = 0;
        for (float[] side : seen) {
            double mean = 0;
            for (int i = 0; i < count; i++) {
                mean += side[i] / count;
            }
            for (int i = 0; i < count; i++) {
                squares += (side[i] - mean) * (side[i] - mean) / count;
            }
        }
        return Math.sqrt(squares / DIRECTIONS);
    }

    /** How far each has to go on the average so that one becomes the other, seen from all sides; of as many samples. */
    double distance(Slices other) {
        double sum = 0;
        for (int i = 0; i < DIRECTIONS; i++) {
            float[] here = sorted(i);
            float[] there = other.sorted(i);
            for (int k = 0; k < count; k++) {
                sum += Math.abs(here[k] - there[k]);
            }
        }
        return sum / count / DIRECTIONS;
    }

    private float[] sorted(int direction) {
        float[] sorted = Arrays.copyOf(seen[direction], count);
        Arrays.sort(sorted);
        return sorted;
    }
}
