package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** The choices that a block and its attention have. */
class BlockTest {
    private static final Initializer WIDE = new Initializer.Normal(0.5);

    /** Heads of queries that share keys and values are plain ones that have these twice. */
    @Test
    void sharedKeysAndValuesAreEqualOnes() {
        Attention shared = new Attention(8, 4, 2, 2, false, true, WIDE);
        Attention plain = new Attention(8, 4, false, WIDE);
        Run run = Run.of(t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 3, 8));
            Tensor mask = Functions.causalMask(t, 3, 3);
            Tensor input = t.state("input.weight", DType.F32, Shape.of(8, 16));
            Tensor output = t.state("output.weight", DType.F32, Shape.of(8, 8));
            Tensor twice = Tensor.concat(
                    1,
                    List.of(
                            input.slice(1, 0, 8),
                            head(input, 8),
                            head(input, 8),
                            head(input, 10),
                            head(input, 10),
                            head(input, 12),
                            head(input, 12),
                            head(input, 14),
                            head(input, 14)));
            t.output("shared", shared.apply(name -> name.startsWith("input") ? input : output, x, mask, Dropout.NONE));
            t.output("plain", plain.apply(name -> name.startsWith("input") ? twice : output, x, mask, Dropout.NONE));
        });
        run.initialise(shared.parameters(), 3).write("x", numbers(48)).run();
        assertArrayEquals(run.read("plain"), run.read("shared"), 1e-6f);
    }

    private static Tensor head(Tensor input, int from) {
        return input.slice(1, from, from + 2);
    }

    @Test
    void headsThatCannotShareAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Attention(8, 4, 3, 2, false, true, WIDE));
    }

    /** A score that a bias raises far above the others is the only one that counts. */
    @Test
    void biasIsAddedToScoresAndUnscaledOnesAreLarger() {
        Attention attention = new Attention(2, 1, 1, 2, false, false, WIDE);
        Run run = Run.of(t -> {
            Tensor q = t.feed("q", DType.F32, Shape.of(1, 1, 1, 2));
            Tensor k = t.feed("k", DType.F32, Shape.of(1, 1, 2, 2));
            Tensor v = t.feed("v", DType.F32, Shape.of(1, 1, 2, 2));
            Tensor bias = t.feed("bias", DType.F32, Shape.of(1, 1, 1, 2));
            t.output("y", attention.attend(new Attention.Projection(q, k, v), null, bias, Dropout.NONE));
        });
        run.write("q", 1, 2).write("k", 1, 0, 0, 1).write("v", 1, 0, 0, 1);
        float[] y = run.write("bias", 0, 0).run().read("y");
        assertEquals(1 / (1 + Math.exp(1)), y[0], 1e-6);
        float[] raised = run.write("bias", 1, 0).run().read("y");
        assertEquals(0.5, raised[0], 1e-6);
    }

    @Test
    void whatWasReadBeforeIsCrossedTheSameWay() {
        Attention attention = new Attention(6, 3, true, WIDE);
        Run run = Run.of(t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(1, 2, 6));
            Tensor memory = t.feed("memory", DType.F32, Shape.of(1, 4, 6));
            var weights = Run.states(t, attention.parameters());
            t.output("now", attention.cross(weights, x, memory, null, Dropout.NONE));
            t.output("keys", attention.remember(weights, memory).keys());
            t.output("same", attention.project(weights, memory).keys());
        });
        run.initialise(attention.parameters(), 4)
                .write("x", numbers(12))
                .write("memory", numbers(24))
                .run();
        assertArrayEquals(run.read("same"), run.read("keys"), 1e-6f);
    }

    @Test
    void behindAPostNormBlockTheStreamIsNormal() {
        TransformerBlock plain = TransformerBlock.of(6, 2, 2, 1, true, true);
        TransformerBlock post =
                new TransformerBlock(plain.norm(), Placement.POST, plain.attention(), Optional.empty(), plain.mlp());
        Run run = Run.of(t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(1, 2, 6));
            t.output("y", post.apply(Run.states(t, post.parameters()), x, (Tensor) null, Dropout.NONE));
        });
        float[] y = run.initialise(post.parameters(), 5)
                .write("x", numbers(12))
                .run()
                .read("y");
        for (int row = 0; row < 2; row++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 6; i++) {
                sum += y[6 * row + i];
                squares += y[6 * row + i] * y[6 * row + i];
            }
            assertEquals(0, sum / 6, 1e-5);
            assertEquals(1, squares / 6, 1e-3);
        }
    }

    @Test
    void aBlockWithCrossAttentionHasItsParametersBetweenThoseOfTheOthers() {
        TransformerBlock plain = TransformerBlock.of(6, 2, 2, 1, false, false);
        TransformerBlock crossing = new TransformerBlock(
                plain.norm(), Placement.PRE, plain.attention(), Optional.of(plain.attention()), plain.mlp());
        assertEquals(
                List.of(
                        "norm1.weight",
                        "attention.input.weight",
                        "attention.output.weight",
                        "norm3.weight",
                        "cross.input.weight",
                        "cross.output.weight",
                        "norm2.weight",
                        "mlp.up.weight",
                        "mlp.down.weight"),
                crossing.parameters().stream().map(Parameter::name).toList());
    }

    @Test
    void aGateMultiplies() {
        Mlp mlp = new Mlp(1, 1, Activation.SWIGLU, false, WIDE);
        Run run = Run.of(t ->
                t.output("y", mlp.apply(Run.states(t, mlp.parameters()), t.feed("x", DType.F32, Shape.of(1, 1)))));
        float[] y = run.write("gate.weight", 2)
                .write("up.weight", 3)
                .write("down.weight", 5)
                .write("x", 1)
                .run()
                .read("y");
        assertEquals(2 / (1 + Math.exp(-2)) * 3 * 5, y[0], 1e-4);
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
