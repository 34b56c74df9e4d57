package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

class AttentionTest {
    private static final int WIDTH = 6;

    private final Attention attention = new Attention(WIDTH, 3, true, new Initializer.Normal(0.5));

    /** Three tokens, two heads of one number each, computed by hand. */
    @Test
    void threeTokensByHand() {
        double[][] queries = {{1, 0}, {0, 2}, {1, 1}};
        double[][] keys = {{1, 1}, {2, 0}, {0, 3}};
        double[][] values = {{1, 2}, {3, 4}, {5, 6}};
        double[] expected = new double[6];
        for (int token = 0; token < 3; token++) {
            for (int head = 0; head < 2; head++) {
                double sum = 0;
                double weighted = 0;
                for (int seen = 0; seen <= token; seen++) {
                    // A head is one number wide, so the scale is 1.
                    double weight = Math.exp(queries[token][head] * keys[seen][head]);
                    sum += weight;
                    weighted += weight * values[seen][head];
                }
                expected[3 * head + token] = weighted / sum;
            }
        }
        Attention two = new Attention(2, 2, false, Initializer.ZEROS);
        Run run = Run.of(t -> {
            Tensor q = t.feed("q", DType.F32, Shape.of(1, 2, 3, 1));
            Tensor k = t.feed("k", DType.F32, Shape.of(1, 2, 3, 1));
            Tensor v = t.feed("v", DType.F32, Shape.of(1, 2, 3, 1));
            Tensor mask = Functions.causalMask(t, 3, 3);
            t.output("y", two.attend(new Attention.Projection(q, k, v), mask, Dropout.NONE));
        });
        float[] y = run.write("q", 1, 0, 1, 0, 2, 1)
                .write("k", 1, 2, 0, 1, 0, 3)
                .write("v", 1, 3, 5, 2, 4, 6)
                .run()
                .read("y");
        for (int i = 0; i < 6; i++) {
            assertEquals(expected[i], y[i], 1e-6, "element " + i);
        }
    }

    @Test
    void withoutAMaskTokensExchangedAreResultsExchanged() {
        Run run = self(false);
        float[] y = run.write("x", numbers(4 * WIDTH)).run().read("y");
        double[] turned = numbers(4 * WIDTH);
        for (int i = 0; i < WIDTH; i++) {
            double first = turned[i];
            turned[i] = turned[2 * WIDTH + i];
            turned[2 * WIDTH + i] = first;
        }
        float[] z = run.write("x", turned).run().read("y");
        assertArrayEquals(row(y, 0), row(z, 2), 1e-6f);
        assertArrayEquals(row(y, 2), row(z, 0), 1e-6f);
        assertArrayEquals(row(y, 1), row(z, 1), 1e-6f);
    }

    @Test
    void withACausalMaskTheOrderMatters() {
        Run run = self(true);
        float[] y = run.write("x", numbers(4 * WIDTH)).run().read("y");
        double[] other = numbers(4 * WIDTH);
        other[3 * WIDTH] += 1;
        float[] z = run.write("x", other).run().read("y");
        assertArrayEquals(Arrays.copyOf(y, 3 * WIDTH), Arrays.copyOf(z, 3 * WIDTH));
    }

    @Test
    void whatAMaskHidesHasExactlyNoGradient() {
        Run run = Run.of(t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(1, 4, WIDTH));
            Tensor y = attention.apply(
                    Run.states(t, attention.parameters()), x, Functions.causalMask(t, 4, 4), Dropout.NONE);
            t.output("dx", Gradients.of(y.slice(1, 0, 2).sum(), List.of(x)).getFirst());
        });
        float[] dx = run.initialise(attention.parameters(), 1)
                .write("x", numbers(4 * WIDTH))
                .run()
                .read("dx");
        assertArrayEquals(new float[2 * WIDTH], Arrays.copyOfRange(dx, 2 * WIDTH, 4 * WIDTH));
        for (int i = 0; i < 2 * WIDTH; i++) {
            assertTrue(dx[i] != 0, "element " + i + " is seen");
        }
    }

    @Test
    void paddingIsAsIfItWereNotThere() {
        Run run = Run.of(t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(1, 4, WIDTH));
            Tensor valid = t.feed("valid", DType.BOOL, Shape.of(1, 4));
            t.output(
                    "y", attention.apply(Run.states(t, attention.parameters()), x, Masks.padding(valid), Dropout.NONE));
        });
        run.initialise(attention.parameters(), 1).write("valid", 1, 1, 1, 0);
        float[] y = run.write("x", numbers(4 * WIDTH)).run().read("y");
        double[] other = numbers(4 * WIDTH);
        other[3 * WIDTH + 1] = 77;
        assertArrayEquals(
                Arrays.copyOf(y, 3 * WIDTH),
                Arrays.copyOf(run.write("x", other).run().read("y"), 3 * WIDTH));
    }

    @Test
    void lookingAtItselfAsAtAnotherSequenceIsTheSame() {
        Run run = Run.of(t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 5, WIDTH));
            t.output("self", attention.apply(Run.states(t, attention.parameters()), x, null, Dropout.NONE));
            t.output("cross", attention.cross(Run.states(t, attention.parameters()), x, x, null, Dropout.NONE));
        });
        run.initialise(attention.parameters(), 2)
                .write("x", numbers(10 * WIDTH))
                .run();
        assertArrayEquals(run.read("self"), run.read("cross"), 1e-6f);
    }

    @Test
    void headsThatDoNotDivideTheWidthAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Attention(6, 4, true, Initializer.ZEROS));
    }

    private Run self(boolean causal) {
        return Run.of(t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(1, 4, WIDTH));
                    Tensor mask = causal ? Functions.causalMask(t, 4, 4) : null;
                    t.output("y", attention.apply(Run.states(t, attention.parameters()), x, mask, Dropout.NONE));
                })
                .initialise(attention.parameters(), 1);
    }

    private static float[] row(float[] values, int row) {
        return Arrays.copyOfRange(values, row * WIDTH, (row + 1) * WIDTH);
    }

    private static double[] numbers(int count) {
        CounterRandom random = new CounterRandom(1, "x");
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.normal(i);
        }
        return numbers;
    }
}
