package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.nn.Gru;
import org.kolotoc.nn.Lstm;
import org.kolotoc.nn.Recurrent;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Training steps of recurrent layers: as many kernels for any time, the memory that was said, the same bits however made. */
class RecurrentStepTest {
    private static final int BATCH = 6;
    private static final int WIDTH = 20;

    static List<Recurrent> layers() {
        return List.of(new Gru(WIDTH, 24), new Lstm(WIDTH, 24));
    }

    private static Program step(Recurrent layer, int time, boolean recomputing) {
        Tracer trace = new Tracer();
        Map<String, Tensor> weights = new HashMap<>();
        layer.parameters().forEach(p -> weights.put(p.name(), trace.state(p.name(), p.dtype(), p.shape())));
        Tensor x = trace.feed("x", DType.F32, Shape.of(BATCH, time, WIDTH));
        Tensor loss;
        try (Tracer.Scope _ = trace.segment("layer")) {
            loss = layer.apply(weights::get, x).outputs().sin().sum();
        }
        List<Tensor> leaves = layer.parameters().stream()
                .map(Parameter::name)
                .map(weights::get)
                .toList();
        List<Tensor> gradients = recomputing ? Gradients.rematerializing(loss, leaves) : Gradients.of(loss, leaves);
        for (int i = 0; i < leaves.size(); i++) {
            trace.update(leaves.get(i), leaves.get(i).sub(gradients.get(i).mul(0.01)));
        }
        trace.output("loss", loss);
        return trace.program();
    }

    private static Explanation explained(Program program) {
        try (CpuBackend backend = new CpuBackend(1);
                Executable executable = backend.compile(program)) {
            return executable.explain();
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void kernelsDoNotGrowWithTime(Recurrent layer) {
        List<Explanation.Kernel> few = explained(step(layer, 4, false)).kernels();
        List<Explanation.Kernel> many = explained(step(layer, 60, false)).kernels();
        assertEquals(few.size(), many.size());
        assertEquals(
                2, many.stream().filter(kernel -> kernel.kind().equals("loop")).count());
        for (int i = 0; i < few.size(); i++) {
            if (few.get(i).kind().equals("loop")) {
                assertEquals(few.get(i).detail(), many.get(i).detail().replaceFirst("^60", "4"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void stepsThatAreMadeAgainHaveTheSameBitsInLessMemory(Recurrent layer) {
        Map<String, float[]> inputs = inputs(layer, 31);
        List<Map<String, Object>> results = new ArrayList<>();
        for (int threads : new int[] {1, 2}) {
            try (CpuBackend backend = new CpuBackend(threads)) {
                results.add(Runs.of(backend, step(layer, 31, false), inputs));
                results.add(Runs.of(backend, step(layer, 31, true), inputs));
            }
        }
        results.forEach(result -> result.forEach(
                (name, values) -> assertArrayEquals((float[]) results.getFirst().get(name), (float[]) values, name)));
        long kept = explained(step(layer, 200, false)).scratchBytes();
        long again = explained(step(layer, 200, true)).scratchBytes();
        assertTrue(again < kept, () -> again + " bytes instead of " + kept);
    }

    /** With its steps spelled out it is the same, but for rounding. */
    @Test
    void theLoopIsWhatItsStepsAre() {
        Recurrent layer = new Gru(WIDTH, 24);
        Program loop = step(layer, 9, false);
        try (CpuBackend backend = new CpuBackend(2)) {
            Map<String, Object> spelled = Runs.of(backend, loop.unrollScans(), inputs(layer, 9));
            Runs.of(backend, loop, inputs(layer, 9))
                    .forEach((name, values) ->
                            assertArrayEquals((float[]) spelled.get(name), (float[]) values, 1e-4f, name));
        }
    }

    /** A weight that comes as a sequence is rounded in each step, one of outside once: the same numbers, the same bits. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsRoundedOnceHasTheSameBits(boolean left) {
        List<Map<String, Object>> results = new ArrayList<>();
        for (int threads : new int[] {1, 2}) {
            try (CpuBackend backend = new CpuBackend(threads)) {
                for (boolean captured : new boolean[] {true, false}) {
                    results.add(Runs.of(backend, rounded(left, captured), weights()));
                }
            }
        }
        results.forEach(result -> result.forEach(
                (name, values) -> assertArrayEquals((float[]) results.getFirst().get(name), (float[]) values, name)));
        float[] state = (float[]) results.getFirst().get("state");
        assertTrue(state[0] != 0 && state[0] != state[1], () -> state[0] + ", " + state[1]);
    }

    /**
     * Loops in the steps of another, each with a weight of its own.
     *
     * @param left whether the weight is the left operand
     * @param captured whether the inner loop has the weight from outside
     */
    private static Program rounded(boolean left, boolean captured) {
        Tracer trace = new Tracer();
        Tensor weights = trace.state("w", DType.F32, Shape.of(3, WIDTH, WIDTH));
        Tensor begin = trace.feed("x", DType.F32, Shape.of(WIDTH, WIDTH));
        try (Tracer.Scope _ = trace.products(Op.Precision.BF16)) {
            Scan.Results results = Scan.over(List.of(begin), List.of(weights), step -> {
                Tensor weight = step.input(0);
                Tensor all = weight.reshape(1, WIDTH, WIDTH).broadcast(Shape.of(4, WIDTH, WIDTH));
                Scan.Results inner = Scan.over(List.of(step.carry(0)), List.of(all), in -> {
                    Tensor w = captured ? in.capture(weight) : in.input(0);
                    Tensor state = in.carry(0);
                    Tensor next = (left ? w.matmul(state) : state.matmul(w)).tanh();
                    return new Scan.Next(List.of(next), List.of(next));
                });
                return new Scan.Next(inner.carries(), inner.outputs());
            });
            trace.output("state", results.carries().getFirst());
            trace.output("steps", results.outputs().getFirst());
        }
        return trace.program();
    }

    private static Map<String, float[]> weights() {
        Random random = new Random(7);
        float[] w = new float[3 * WIDTH * WIDTH];
        float[] x = new float[WIDTH * WIDTH];
        for (float[] values : List.of(w, x)) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() / 3;
            }
        }
        return Map.of("w", w, "x", x);
    }

    private static Map<String, float[]> inputs(Recurrent layer, int time) {
        Random random = new Random(5);
        Map<String, float[]> inputs = new HashMap<>();
        float[] x = new float[BATCH * time * WIDTH];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        inputs.put("x", x);
        layer.parameters().forEach(p -> {
            float[] values = new float[p.shape().size()];
            p.initializer().fill(values, 1, p.name());
            inputs.put(p.name(), values);
        });
        return inputs;
    }
}
