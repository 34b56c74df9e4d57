package org.kolotoc.model.rnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kolotoc.adapter.LoraFamily;
import org.kolotoc.adapter.LoraSettings;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.model.rnn.RnnSettings.Cell;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

class RnnTest {
    private static Rnn rnn(Cell cell, boolean tied) {
        return new Rnn(new RnnSettings(cell, 2, 16, 256, 0, tied), Dimensions.of("vocab", 30));
    }

    @Test
    void tiedWeightsAreOneTableLess() {
        assertEquals(numbers(rnn(Cell.GRU, false)), numbers(rnn(Cell.GRU, true)) + 30 * 16);
        assertEquals(2 * (16 * 48 + 48) * 2 + 30 * 16, numbers(rnn(Cell.GRU, true)));
    }

    private static long numbers(Rnn rnn) {
        return rnn.parameters().stream().mapToLong(p -> p.shape().size()).sum();
    }

    /** Documents beside each other in a row: none has a part in what is said of another. */
    @ParameterizedTest
    @EnumSource(Cell.class)
    void noDocumentSeesAnother(Cell cell) {
        Rnn rnn = rnn(cell, true);
        int begin = 2 * 30;
        try (Bench bench = Bench.of(rnn, null, 4);
                BoundProgram packed = bench.prepare("packed", forward(rnn, true));
                BoundProgram joined = bench.prepare("joined", forward(rnn, false))) {
            packed.buffer("positions").write(new int[] {0, 1, 0, 1, 2, 0});
            assertArrayEquals(
                    logits(packed, begin, 1, 2, 4, 5, 6, 7), logits(packed, begin, 9, 0, 4, 5, 6, 7), "bit for bit");
            assertFalse(
                    Arrays.equals(logits(packed, 0, 1, 2, 4, 5, 6, 7), logits(packed, 0, 9, 0, 4, 5, 6, 7)),
                    "the first is another");
            assertFalse(
                    Arrays.equals(logits(joined, begin, 1, 2, 4, 5, 6, 7), logits(joined, begin, 9, 0, 4, 5, 6, 7)),
                    "joined, it sees what is before it");
        }
    }

    private static Program forward(Rnn rnn, boolean packed) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = new HashMap<>(Map.of("tokens", tracer.feed("tokens", DType.I32, Shape.of(1, 6))));
        if (packed) {
            inputs.put("positions", tracer.feed("positions", DType.I32, Shape.of(1, 6)));
        }
        tracer.output(
                "logits",
                rnn.forward(rnn.weights(tracer, "model"), inputs, Pass.inference())
                        .get("logits"));
        return tracer.program();
    }

    private static float[] logits(BoundProgram program, int from, int... tokens) {
        program.buffer("tokens").write(tokens);
        program.run();
        float[] logits = new float[tokens.length * 30];
        program.buffer("logits").read(logits);
        return Arrays.copyOfRange(logits, from, logits.length);
    }

    /** A number for each position: what the last layer gives there, times its weights. */
    @ParameterizedTest
    @EnumSource(Cell.class)
    void aRewardIsReadFromWhatTheLastLayerGives(Cell cell) {
        Rnn rnn = new Rnn(
                new RnnSettings(cell, 2, 16, 256, 0, true, RnnSettings.Head.SCALAR), Dimensions.of("vocab", 30));
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = Map.of(
                "tokens", tracer.feed("tokens", DType.I32, Shape.of(2, 3)),
                "positions", tracer.feed("positions", DType.I32, Shape.of(2, 3)));
        Map<String, Tensor> given = rnn.forward(rnn.weights(tracer, "model"), inputs, Pass.inference());
        tracer.output("reward", given.get("reward"));
        tracer.output("hidden", given.get("hidden"));
        tracer.output(
                "weight", rnn.weights(tracer, "model").get("reward.weight").mul(1));
        float[] reward = new float[2 * 3];
        float[] hidden = new float[2 * 3 * 16];
        float[] weight = new float[16];
        try (Bench bench = Bench.of(rnn, null, 4);
                BoundProgram program = bench.prepare("rewards", tracer.program())) {
            program.buffer("tokens").write(new int[] {1, 2, 3, 4, 5, 6});
            program.buffer("positions").write(new int[] {0, 1, 2, 0, 1, 0});
            program.run();
            program.buffer("reward").read(reward);
            program.buffer("hidden").read(hidden);
            program.buffer("weight").read(weight);
        }
        for (int position = 0; position < reward.length; position++) {
            double expected = 0;
            for (int i = 0; i < 16; i++) {
                expected += hidden[position * 16 + i] * weight[i];
            }
            assertEquals(expected, reward[position], 1e-6, "position " + position);
            assertTrue(reward[position] != 0, "position " + position);
        }
        assertFalse(rnn(cell, true).parameters().stream()
                .anyMatch(each -> each.name().startsWith("reward")));
    }

    /** Where nobody says which matrices an adapter is put on. */
    @Test
    void anAdapterIsPutOnItsLayers() {
        LoraSettings settings = new LoraSettings(2, 4, List.of());
        Model adapted = new LoraFamily().create(settings).around(rnn(Cell.GRU, false));
        assertEquals(
                List.of("layer0.input", "layer0.recurrent", "layer1.input", "layer1.recurrent"),
                adapted.parameters().stream()
                        .map(Parameter::name)
                        .filter(name -> name.startsWith("a."))
                        .map(name -> name.substring(2).replace(".weight", ""))
                        .toList());
    }

    /** What it remembers is as large for a long text as for a short one. */
    @Test
    void theCacheDoesNotGrow() {
        assertEquals(rnn(Cell.LSTM, true).cache(3, 10), rnn(Cell.LSTM, true).cache(3, 1000));
    }

    @Test
    void kernelsOfATrainingStepDoNotGrowWithTime() {
        assertEquals(kernels(8), kernels(256));
        assertTrue(kernels(256) < 100, () -> kernels(256) + " kernels");
    }

    private static long kernels(int time) {
        Rnn rnn = rnn(Cell.LSTM, false);
        Tracer tracer = new Tracer();
        Weights weights = Weights.states(tracer, "model", rnn.parameters());
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(2, time));
        Tensor logits =
                rnn.forward(weights, Map.of("tokens", tokens), Pass.inference()).get("logits");
        List<Tensor> leaves = weights.all(List.<Parameter>copyOf(rnn.parameters()));
        List<Tensor> gradients = Gradients.of(logits.sin().slice(1, 0, 1).sum(), leaves);
        for (int i = 0; i < leaves.size(); i++) {
            tracer.update(leaves.get(i), leaves.get(i).sub(gradients.get(i)));
        }
        try (CpuBackend backend = new CpuBackend(1);
                Executable executable = backend.compile(tracer.program())) {
            return executable.explain().kernels().size();
        }
    }
}
