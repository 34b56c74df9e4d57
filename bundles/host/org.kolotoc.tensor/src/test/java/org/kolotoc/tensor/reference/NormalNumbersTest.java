package org.kolotoc.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

class NormalNumbersTest {
    private static final int COUNT = 100_000;

    private static float[] numbers(int stream) {
        Tracer trace = new Tracer();
        Tensor key = trace.feed("key", DType.I32, Shape.of(2));
        trace.output("y", trace.normal(key, Shape.of(COUNT), stream));
        ReferenceBackend backend = new ReferenceBackend();
        Buffer seed = backend.allocate(DType.I32, Shape.of(2));
        seed.write(new int[] {7, 3});
        Buffer y = backend.allocate(DType.F32, Shape.of(COUNT));
        backend.compile(trace.program()).bind(Map.of("key", seed, "y", y)).run();
        float[] numbers = new float[COUNT];
        y.read(numbers);
        return numbers;
    }

    /** The share of normal numbers that are not above {@code z}. */
    private static double share(double z) {
        return 0.5 * (1 + ErrorFunction.erf(z / Math.sqrt(2)));
    }

    @Test
    void theMomentsAreThoseOfTheNormalDistribution() {
        double[] moments = new double[5];
        for (float z : numbers(0)) {
            for (int power = 1; power < moments.length; power++) {
                moments[power] += Math.pow(z, power) / COUNT;
            }
        }
        // Within four standard deviations of a mean of so many: those of z^k have variance E z^2k - (E z^k)^2.
        double unit = 4 / Math.sqrt(COUNT);
        assertEquals(0, moments[1], unit);
        assertEquals(1, moments[2], unit * Math.sqrt(2));
        assertEquals(0, moments[3], unit * Math.sqrt(15));
        assertEquals(3, moments[4], unit * Math.sqrt(96));
    }

    /** Kolmogorov and Smirnov: the largest distance of the shares, which chance makes so large once in a hundred times. */
    @Test
    void theDistributionIsNormal() {
        float[] sorted = numbers(1);
        Arrays.sort(sorted);
        double largest = 0;
        for (int i = 0; i < COUNT; i++) {
            double share = share(sorted[i]);
            largest = Math.max(largest, Math.max(share - (double) i / COUNT, (i + 1.0) / COUNT - share));
        }
        assertTrue(largest * Math.sqrt(COUNT) < 1.63, "distance " + largest);
    }

    @Test
    void neighboursAndStreamsAreNotCorrelated() {
        float[] one = numbers(2);
        float[] two = numbers(3);
        double neighbours = 0;
        double streams = 0;
        for (int i = 0; i < COUNT; i++) {
            neighbours += one[i] * one[(i + 1) % COUNT];
            streams += one[i] * two[i];
        }
        assertEquals(0, neighbours / COUNT, 4 / Math.sqrt(COUNT));
        assertEquals(0, streams / COUNT, 4 / Math.sqrt(COUNT));
        assertNotEquals(one[0], two[0]);
    }

    /** Each number is the quantile of the uniform number with the same key, stream and index, also far out. */
    @Test
    void everyNumberIsTheQuantileOfItsUniformNumber() {
        float smallest = Float.POSITIVE_INFINITY;
        for (int i = 0; i < 3_000_000; i++) {
            double u = CounterRandom.uniform(1, 2, 3, i) + 0x1p-25;
            boolean rare = u < 1e-5 || u > 1 - 1e-5;
            if (!rare && i > 100_000) {
                continue;
            }
            double z = CounterRandom.normal(1, 2, 3, i);
            smallest = Math.min(smallest, (float) z);
            // An error of z is one of the share by the density.
            double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            assertEquals(0, (share(z) - u) / density, 4e-6 * Math.max(0.1, Math.abs(z)), "of " + u);
        }
        assertTrue(smallest < -4.5, "no rare number: " + smallest);
    }
}
