package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** Beside the goldens of another library, which the suites have. */
class GroupNormTest {
    private static final int PIXELS = 12;

    private static float[] normed(GroupNorm norm, double... x) {
        int channels = norm.channels();
        return Run.of(tracer -> tracer.output(
                        "y",
                        norm.apply(
                                Run.states(tracer, norm.parameters()),
                                tracer.feed("x", DType.F32, Shape.of(1, channels, 3, 4)))))
                .initialise(norm.parameters(), 1)
                .write("x", x)
                .run()
                .read("y");
    }

    private static double[] numbers(int channels) {
        double[] x = new double[channels * PIXELS];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.sin(i * i) + i / PIXELS;
        }
        return x;
    }

    @Test
    void eachGroupHasMeanZeroAndVarianceOne() {
        float[] y = normed(new GroupNorm(2, 4), numbers(4));
        for (int group = 0; group < 2; group++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 2 * PIXELS; i++) {
                sum += y[group * 2 * PIXELS + i];
                squares += Math.pow(y[group * 2 * PIXELS + i], 2);
            }
            assertEquals(0, sum, 1e-4);
            assertEquals(2 * PIXELS, squares, 1e-2);
        }
        // Within a group channels keep what is between them.
        double first = 0;
        for (int i = 0; i < PIXELS; i++) {
            first += y[i];
        }
        assertTrue(first < -1, "the first channel is the lower one");
    }

    /** Sums of squares less the square of the sum would have nothing left of the variance. */
    @Test
    void numbersFarFromZeroAreAsGood() {
        double[] x = numbers(4);
        float[] near = normed(new GroupNorm(2, 4), x);
        float[] far = normed(
                new GroupNorm(2, 4), Arrays.stream(x).map(each -> each + 8192).toArray());
        for (int i = 0; i < near.length; i++) {
            assertEquals(near[i], far[i], 1e-2, "number " + i);
        }
    }

    @Test
    void ofAnInstanceEachChannelHas() {
        float[] y = normed(GroupNorm.instance(3), numbers(3));
        for (int channel = 0; channel < 3; channel++) {
            double sum = 0;
            for (int i = 0; i < PIXELS; i++) {
                sum += y[channel * PIXELS + i];
            }
            assertEquals(0, sum, 1e-4);
        }
    }

    @Test
    void groupsHaveToDivideTheChannels() {
        assertThrows(IllegalArgumentException.class, () -> new GroupNorm(4, 6));
        assertThrows(IllegalArgumentException.class, () -> new GroupNorm(0, 6));
    }
}
