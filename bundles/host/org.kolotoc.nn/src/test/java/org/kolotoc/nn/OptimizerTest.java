package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

class OptimizerTest {
    private static final Parameter MATRIX = Parameter.of("matrix", Initializer.ONES, 1, 2);
    private static final Parameter BIAS = Parameter.of("bias", Initializer.ONES, 2);
    private static final List<Parameter> BOTH = List.of(MATRIX, BIAS);

    /** So large that it shows where it is added. */
    private static final double EPSILON = 0.1;

    @Test
    void adamWFollowsItsEquationAndDecaysMatricesAlone() {
        AdamW adamW = new AdamW(0.9, 0.95, EPSILON, 0.1);
        Run run = run(adamW);
        double[] gradient = {0.5, -2};
        double[] m = new double[2];
        double[] v = new double[2];
        double[] matrix = {1, 1};
        double[] bias = {1, 1};
        for (int step = 1; step <= 5; step++) {
            run.write("step", step).run();
            for (int i = 0; i < 2; i++) {
                m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                v[i] = 0.95 * v[i] + 0.05 * gradient[i] * gradient[i];
                double moved = 0.01
                        * (m[i] / (1 - Math.pow(0.9, step)))
                        / (Math.sqrt(v[i] / (1 - Math.pow(0.95, step))) + EPSILON);
                matrix[i] -= moved + 0.01 * 0.1 * matrix[i];
                bias[i] -= moved;
            }
            assertClose(matrix, run.read("matrix"));
            assertClose(bias, run.read("bias"));
            assertClose(m, run.read("first.matrix"));
            assertClose(v, run.read("second.bias"));
        }
    }

    @Test
    void momentumAddsUp() {
        Run run = run(new Sgd(0.5)).write("step", 1).run().run();
        // Velocities 0.5, 0.75 and -2, -3; the rate is 0.01.
        assertClose(new double[] {1 - 0.0125, 1 + 0.05}, run.read("matrix"));
    }

    @Test
    void withoutMomentumNothingIsRemembered() {
        assertEquals(List.of(), new Sgd(0).state(BOTH));
        assertClose(
                new double[] {1 - 0.01, 1 + 0.04},
                run(new Sgd(0)).write("step", 1).run().run().read("bias"));
    }

    /** The same rule, parameter by parameter, is the same program. */
    @Test
    void anOptimizerOfOneRuleTreatsEveryParameterByIt() {
        Optimizer momentum = Optimizer.perParameter(List.of("velocity"), (weight, memory, gradient, rate, _) -> {
            Tensor velocity = memory.getFirst().mul(0.5).add(gradient);
            return List.of(weight.sub(velocity.mul(rate)), velocity);
        });
        Sgd sgd = new Sgd(0.5);
        assertEquals(sgd.state(BOTH), momentum.state(BOTH));
        Run one = run(sgd).write("step", 1).run().run();
        Run other = run(momentum).write("step", 1).run().run();
        for (String name : List.of("matrix", "bias", "velocity.matrix", "velocity.bias")) {
            assertArrayEquals(one.read(name), other.read(name), name);
        }
        Optimizer tooFew = Optimizer.perParameter(List.of("velocity"), (weight, _, _, _, _) -> List.of(weight));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> run(tooFew))
                .getMessage()
                .contains("gives 1 tensors for 'matrix'; expected the new weight and [velocity]"));
    }

    private static Run run(Optimizer optimizer) {
        Run run = Run.of(t -> {
            Tensor gradient = t.feed("gradient", DType.F32, Shape.of(2));
            optimizer.update(
                    BOTH,
                    Run.states(t, BOTH),
                    Run.states(t, optimizer.state(BOTH)),
                    List.of(gradient.reshape(1, 2), gradient),
                    t.constant(0.01),
                    t.feed("step", DType.F32, Shape.scalar()));
        });
        return run.initialise(BOTH, 1).write("gradient", 0.5, -2);
    }

    @Test
    void longGradientsAreShortenedTogether() {
        Run run = clipping(5);
        assertEquals(13, run.read("norm")[0], 1e-5);
        assertArrayEquals(new float[] {15 / 13f, 20 / 13f}, run.read("a"), 1e-5f);
        assertArrayEquals(new float[] {60 / 13f}, run.read("b"), 1e-5f);
    }

    @Test
    void shortGradientsAndAnyWithoutALimitStay() {
        for (double limit : new double[] {0, 14}) {
            Run run = clipping(limit);
            assertEquals(13, run.read("norm")[0], 1e-5);
            assertArrayEquals(new float[] {3, 4}, run.read("a"));
            assertArrayEquals(new float[] {12}, run.read("b"));
        }
    }

    private static Run clipping(double limit) {
        Run run = Run.of(t -> {
            Clipping clipping = Clipping.globalNorm(List.of(feed(t, "x", 2), feed(t, "y", 1)), limit);
            t.output("a", clipping.gradients().get(0));
            t.output("b", clipping.gradients().get(1));
            t.output("norm", clipping.norm());
        });
        return run.write("x", 3, 4).write("y", 12).run();
    }

    private static Tensor feed(Tracer tracer, String name, int size) {
        return tracer.feed(name, DType.F32, Shape.of(size));
    }

    private static void assertClose(double[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-6, "element " + i);
        }
    }
}
