package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;

class ExampleNoiseTest {
    private final CounterRandom random = new CounterRandom(1, "between");

    @Test
    void anExampleIsTheSameHoweverManyThereAre() {
        float[] eight = new ExampleNoise(8, 2, List.of()).of(random);
        assertArrayEquals(Arrays.copyOf(eight, 6), new ExampleNoise(3, 2, List.of()).of(random));
    }

    @Test
    void twoExamplesAreLedToEachOther() {
        float[] alone = new ExampleNoise(8, 2, List.of()).of(random);
        float[] between = new ExampleNoise(5, 2, List.of(7, 2)).of(random);
        assertArrayEquals(new float[] {alone[14], alone[15]}, new float[] {between[0], between[1]}, 1e-6f);
        assertArrayEquals(new float[] {alone[4], alone[5]}, new float[] {between[8], between[9]}, 1e-6f);
        assertThrows(IllegalArgumentException.class, () -> new ExampleNoise(5, 2, List.of(7)));
    }

    /** Along an arc about the origin, not through it. */
    @Test
    void theWayIsAnArc() {
        assertArrayEquals(
                new double[] {Math.sqrt(0.5), Math.sqrt(0.5)},
                ExampleNoise.between(new double[] {1, 0}, new double[] {0, 1}, 0.5),
                1e-12);
        assertArrayEquals(
                new double[] {3, 4}, ExampleNoise.between(new double[] {3, 4}, new double[] {3, 4}, 0.3), 1e-12);
    }
}
