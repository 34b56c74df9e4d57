package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Documents beside each other in a row: none has a part in what is said of another. */
class PackedTest {
    private static final int VOCAB = 11;
    private static final int[] POSITIONS = {0, 1, 0, 1, 2, 0};

    @TestFactory
    Stream<DynamicTest> noDocumentSeesAnother() {
        return Stream.of(
                        GptTest.gpt(2, 2, 16, 6, VOCAB, true),
                        new GptFamily()
                                .create(
                                        LlamaFamilyTest.llama(1, 4, 8, 2, GptSettings.Head.LM, 0),
                                        Dimensions.of("vocab", VOCAB)))
                .map(model -> DynamicTest.dynamicTest(model.signature().toString(), () -> compare(model)));
    }

    private static Program forward(Gpt model, int time, boolean packed) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("tokens", tracer.feed("tokens", DType.I32, Shape.of(1, time)));
        if (packed) {
            inputs.put("positions", tracer.feed("positions", DType.I32, Shape.of(1, time)));
        }
        tracer.output(
                "logits",
                model.forward(model.weights(tracer, "model"), inputs, Pass.inference())
                        .get("logits"));
        return tracer.program();
    }

    private static float[] logits(BoundProgram program, int... tokens) {
        program.buffer("tokens").write(tokens);
        program.run();
        float[] logits = new float[tokens.length * VOCAB];
        program.buffer("logits").read(logits);
        return logits;
    }

    private static void compare(Gpt model) {
        try (Bench bench = Bench.of(model, null, 4);
                BoundProgram packed = bench.prepare("packed", forward(model, 6, true));
                BoundProgram joined = bench.prepare("joined", forward(model, 6, false));
                BoundProgram alone = bench.prepare("alone", forward(model, 3, false))) {
            packed.buffer("positions").write(POSITIONS);
            float[] one = logits(packed, 1, 2, 4, 5, 6, 7);
            float[] other = logits(packed, 9, 0, 4, 5, 6, 7);
            int begin = 2 * VOCAB;
            assertArrayEquals(
                    Arrays.copyOfRange(one, begin, 6 * VOCAB),
                    Arrays.copyOfRange(other, begin, 6 * VOCAB),
                    "bit for bit");
            assertFalse(Arrays.equals(Arrays.copyOf(one, begin), Arrays.copyOf(other, begin)), "the first is another");
            float[] second = logits(alone, 4, 5, 6);
            for (int i = 0; i < second.length; i++) {
                assertEquals(second[i], one[begin + i], 1e-5f, "as if it were alone");
            }
            float[] leaking = logits(joined, 1, 2, 4, 5, 6, 7);
            float[] changed = logits(joined, 9, 0, 4, 5, 6, 7);
            assertFalse(
                    Arrays.equals(
                            Arrays.copyOfRange(leaking, begin, 6 * VOCAB),
                            Arrays.copyOfRange(changed, begin, 6 * VOCAB)),
                    "joined, it sees what is before it");
        }
    }
}
