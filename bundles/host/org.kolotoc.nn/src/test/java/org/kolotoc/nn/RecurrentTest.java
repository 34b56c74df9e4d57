package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** Beside the goldens of another library, which the suites have. */
class RecurrentTest {
    private static final int BATCH = 2;
    private static final int TIME = 5;
    private static final Shape X = Shape.of(BATCH, TIME, 3);

    static List<Recurrent> layers() {
        return List.of(new Gru(3, 4), new Lstm(3, 4));
    }

    private static double[] numbers() {
        double[] x = new double[X.size()];
        Arrays.setAll(x, i -> Math.sin(3.0 * i * i + 1));
        return x;
    }

    /** A sequence in two parts, the second from the states that the first left. */
    @ParameterizedTest
    @MethodSource("layers")
    void statesGoOn(Recurrent layer) {
        Run run = Run.of(tracer -> {
                    Weights weights = Run.states(tracer, layer.parameters());
                    Tensor x = tracer.feed("x", DType.F32, X);
                    Recurrent.Sequence whole = layer.apply(weights, x);
                    Recurrent.Sequence first = layer.apply(weights, x.slice(1, 0, 2));
                    Recurrent.Sequence second =
                            layer.apply(weights, x.slice(1, 2, TIME), first.states(), Optional.empty());
                    tracer.output("whole", whole.outputs());
                    tracer.output("parts", Tensor.concat(1, List.of(first.outputs(), second.outputs())));
                    tracer.output("last of all", whole.states().getLast());
                    tracer.output("last of parts", second.states().getLast());
                })
                .initialise(layer.parameters(), 1)
                .write("x", numbers())
                .run();
        assertArrayEquals(run.read("whole"), run.read("parts"));
        assertArrayEquals(run.read("last of all"), run.read("last of parts"));
        assertNotEquals(0, run.read("whole")[0]);
    }

    /** The second row has two steps; what is behind them changes nothing, and gets nothing. */
    @ParameterizedTest
    @MethodSource("layers")
    void paddingChangesNothing(Recurrent layer) {
        Run run = Run.of(tracer -> {
                    Weights weights = Run.states(tracer, layer.parameters());
                    Tensor x = tracer.feed("x", DType.F32, X);
                    Tensor present = tracer.feed("present", DType.BOOL, Shape.of(BATCH, TIME));
                    Recurrent.Sequence padded = layer.apply(weights, x, layer.zeros(x), Optional.of(present));
                    Recurrent.Sequence alone =
                            layer.apply(weights, x.slice(0, 1, 2).slice(1, 0, 2));
                    Tensor loss = padded.outputs()
                            .sin()
                            .sum()
                            .add(padded.states().getLast().sin().sum());
                    tracer.output("gradient", Gradients.of(loss, List.of(x)).getFirst());
                    tracer.output("outputs", padded.outputs());
                    tracer.output("state", padded.states().getLast());
                    tracer.output("state alone", alone.states().getLast());
                })
                .initialise(layer.parameters(), 1)
                .write("x", numbers())
                .write("present", 1, 1, 1, 1, 1, 1, 1, 0, 0, 0)
                .run();
        float[] state = run.read("state");
        assertArrayEquals(run.read("state alone"), Arrays.copyOfRange(state, layer.hidden(), 2 * layer.hidden()));
        float[] gradient = run.read("gradient");
        for (int i = 0; i < gradient.length; i++) {
            boolean padding = i >= (TIME + 2) * 3;
            assertEquals(padding, gradient[i] == 0, "gradient " + i + " is " + gradient[i]);
        }
        float[] outputs = run.read("outputs");
        for (int i = (TIME + 2) * layer.hidden(); i < outputs.length; i++) {
            assertEquals(0, outputs[i]);
        }
    }

    /** The second text of a row begins at its third step: it is read as if alone, and nothing of it goes back over there. */
    @ParameterizedTest
    @MethodSource("layers")
    void nothingIsRememberedOfTheTextBefore(Recurrent layer) {
        Run run = Run.of(tracer -> {
                    Weights weights = Run.states(tracer, layer.parameters());
                    Tensor x = tracer.feed("x", DType.F32, X);
                    Tensor begins = tracer.feed("begins", DType.BOOL, Shape.of(BATCH, TIME));
                    Recurrent.Sequence packed = layer.apply(weights, x, Optional.of(begins));
                    Recurrent.Sequence joined = layer.apply(weights, x);
                    Tensor second = x.slice(1, 2, TIME);
                    tracer.output("first", packed.outputs().slice(1, 0, 2));
                    tracer.output(
                            "first alone",
                            layer.apply(weights, x.slice(1, 0, 2)).outputs());
                    tracer.output("second", packed.outputs().slice(1, 2, TIME));
                    tracer.output("second alone", layer.apply(weights, second).outputs());
                    tracer.output("joined", joined.outputs().slice(1, 2, TIME));
                    tracer.output("packed gradient", ofSecond(packed, x));
                    tracer.output("joined gradient", ofSecond(joined, x));
                })
                .initialise(layer.parameters(), 1)
                .write("x", numbers())
                .write("begins", 1, 0, 1, 0, 0, 1, 0, 1, 0, 0)
                .run();
        assertArrayEquals(run.read("first alone"), run.read("first"));
        assertArrayEquals(run.read("second alone"), run.read("second"));
        assertNotEquals(run.read("joined")[0], run.read("second")[0], "joined, it remembers");
        float[] packed = run.read("packed gradient");
        float[] joined = run.read("joined gradient");
        for (int i = 0; i < packed.length; i++) {
            boolean before = i / 3 % TIME < 2;
            assertEquals(before, packed[i] == 0, "gradient " + i + " is " + packed[i]);
            assertNotEquals(0, joined[i]);
        }
    }

    private static Tensor ofSecond(Recurrent.Sequence read, Tensor x) {
        Tensor loss = read.outputs().slice(1, 2, TIME).sin().sum();
        return Gradients.of(loss, List.of(x)).getFirst();
    }

    @Test
    void parametersHaveTheGatesSideBySide() {
        assertEquals(
                List.of("input.weight [3, 12]", "input.bias [12]", "recurrent.weight [4, 12]", "recurrent.bias [12]"),
                new Gru(3, 4)
                        .parameters().stream()
                                .map(p -> p.name() + " " + p.shape())
                                .toList());
    }
}
