package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

class MinibatchDeviationTest {
    private static float[] applied(int group, Shape shape, double... x) {
        return Run.of(tracer ->
                        tracer.output("y", new MinibatchDeviation(group).apply(tracer.feed("x", DType.F32, shape))))
                .write("x", x)
                .run()
                .read("y");
    }

    /** Deviations of the first two rows are 1 and 2, of the last two 0 and 4. */
    @Test
    void eachGroupIsToldHowMuchItsExamplesDiffer() {
        float[] y = applied(2, Shape.of(4, 2), 1, 5, 3, 1, 7, 0, 7, 8);
        assertArrayEquals(new float[] {1, 5, 1.5f, 3, 1, 1.5f, 7, 0, 2, 7, 8, 2}, y, 1e-4f);
    }

    @Test
    void ofPicturesItIsAChannel() {
        float[] y = applied(2, Shape.of(2, 1, 1, 2), 1, 5, 3, 1);
        assertArrayEquals(new float[] {1, 5, 1.5f, 1.5f, 3, 1, 1.5f, 1.5f}, y, 1e-4f);
    }

    @Test
    void examplesThatAreAlikeHaveNoneAndAGroupNeedNotDivideABatch() {
        float[] y = applied(4, Shape.of(3, 1), 2, 2, 2);
        assertArrayEquals(new float[] {2, 0, 2, 0, 2, 0}, y, 2e-4f);
        assertEquals(10, applied(4, Shape.of(5, 1), 1, 2, 3, 4, 5).length);
    }
}
