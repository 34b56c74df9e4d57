package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

class SpectralNormTest {
    /** A product of two rotations and a diagonal of 3 and 1 in between: 3 is the singular value. */
    private static final double[] WEIGHT = rotated(0.3, 1.1);

    private static final double[] FIRST = {0.2, -0.7};

    private final SpectralNorm norm = new SpectralNorm(2);

    private static double[] rotated(double left, double right) {
        double c = Math.cos(left), s = Math.sin(left), d = Math.cos(right), t = Math.sin(right);
        return new double[] {3 * c * d - s * t, 3 * c * t + s * d, -3 * s * d - c * t, -3 * s * t + c * d};
    }

    private Run iteration() {
        return Run.of(tracer -> {
                    Weights direction = Run.states(tracer, norm.statistics());
                    Tensor weight = tracer.feed("weight", DType.F32, Shape.of(2, 2, 1, 1));
                    tracer.output("training", norm.training(direction, weight, (name, next) -> {
                        tracer.update(direction.get(name), next);
                    }));
                    Tensor scaled = norm.evaluation(direction, weight);
                    tracer.output("evaluation", scaled);
                    tracer.output(
                            "derivative",
                            Gradients.of(scaled.slice(0, 0, 1).sum(), List.of(weight))
                                    .getFirst());
                })
                .write("direction", FIRST)
                .write("weight", WEIGHT);
    }

    @Test
    void aWeightIsDividedByItsLargestSingularValue() {
        Run run = iteration();
        for (int i = 0; i < 20; i++) {
            run.run();
            assertArrayEquals(run.read("evaluation"), run.read("training"));
        }
        for (int i = 0; i < WEIGHT.length; i++) {
            assertEquals(WEIGHT[i] / 3, run.read("evaluation")[i], 1e-6);
        }
        float[] direction = run.read("direction");
        assertEquals(1, Math.hypot(direction[0], direction[1]), 1e-6);
    }

    /** Also where the iteration has not come near the singular value. */
    @Test
    void theDerivativeIsThatOfFiniteDifferences() {
        double step = 1e-2;
        float[] derivative = iteration().run().read("derivative");
        for (int i = 0; i < WEIGHT.length; i++) {
            double[] moved = WEIGHT.clone();
            moved[i] += step;
            double up = first(moved);
            moved[i] -= 2 * step;
            assertEquals((up - first(moved)) / (2 * step), derivative[i], 1e-4);
        }
    }

    /** The sum of the first row. */
    private double first(double[] weight) {
        float[] scaled = iteration().write("weight", weight).run().read("evaluation");
        return scaled[0] + scaled[1];
    }

    /** And what is learned from there on is divided by its singular value again. */
    @Test
    void aWeightOfZerosStaysOneUntilItIsNone() {
        Run run = iteration().write("weight", 0, 0, 0, 0).run();
        assertArrayEquals(new float[4], run.read("training"));
        float[] direction = run.read("direction");
        assertEquals(1, Math.hypot(direction[0], direction[1]), 1e-6);
        run.write("weight", WEIGHT);
        for (int i = 0; i < 20; i++) {
            run.run();
        }
        for (int i = 0; i < WEIGHT.length; i++) {
            assertEquals(WEIGHT[i] / 3, run.read("training")[i], 1e-6);
        }
    }

    @Test
    void aSmallWeightIsDividedByItsSingularValueToo() {
        double[] small = Arrays.stream(WEIGHT).map(x -> x * 1e-4).toArray();
        Run run = iteration().write("weight", small);
        for (int i = 0; i < 20; i++) {
            run.run();
        }
        for (int i = 0; i < WEIGHT.length; i++) {
            assertEquals(WEIGHT[i] / 3, run.read("training")[i], 1e-4);
        }
        float[] direction = run.read("direction");
        assertEquals(1, Math.hypot(direction[0], direction[1]), 1e-4);
    }
}
