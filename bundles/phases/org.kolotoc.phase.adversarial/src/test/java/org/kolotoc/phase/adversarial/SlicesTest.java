package org.kolotoc.phase.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SlicesTest {
    private static Slices of(int size, float... samples) {
        Slices slices = new Slices(size, samples.length / size);
        float[] weights = new float[samples.length / size];
        Arrays.fill(weights, 1);
        slices.add(samples, weights);
        return slices;
    }

    /** A line has one direction, there and back. */
    @Test
    void onALineTheyAreWhatOneCountsByHand() {
        assertEquals(Math.sqrt(1.25), of(1, 3, 0, 2, 1).deviation(), 1e-6);
        assertEquals(1, of(1, 3, 0, 2, 1).distance(of(1, 1, 2, 3, 4)), 1e-6);
        assertEquals(2, of(1, 0, 0).distance(of(1, 3, 1)), 1e-6);
        assertEquals(0, of(1, 3, 0, 2).distance(of(1, 2, 3, 0)));
    }

    @Test
    void rowsWithoutWeightAreNoSamples() {
        Slices slices = new Slices(1, 4);
        slices.add(new float[] {1, 70, 2, -5}, new float[] {1, 0, 1, 0});
        slices.add(new float[] {0, 3}, new float[] {0, 1});
        assertEquals(1, slices.distance(of(1, 2, 3, 4)), 1e-6);
    }

    /** From all sides a vector of length 5 is 5 times the mean of the cosine's size long, 2 / pi; a square's mean is a half. */
    @Test
    void inAPlaneDirectionsAreOfLengthOneAndLieAround() {
        assertEquals(5 * 2 / Math.PI, of(2, 0, 0).distance(of(2, 3, 4)), 0.4);
        assertEquals(5 * 2 / Math.PI, of(2, 0, 0).distance(of(2, 4, -3)), 0.4);
        assertEquals(5 * Math.sqrt(0.5), of(2, 3, 4, -3, -4).deviation(), 0.4);
        Slices corners = of(2, 1, 1, 1, -1, -1, 1, -1, -1);
        assertEquals(1, corners.deviation(), 1e-5);
    }
}
