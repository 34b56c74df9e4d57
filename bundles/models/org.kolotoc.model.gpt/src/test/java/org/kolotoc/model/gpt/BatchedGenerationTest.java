package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Texts side by side, whose prompts take up to three runs, give what each gives whole. */
class BatchedGenerationTest {
    private static final int VOCAB = 11;
    private static final float CLOSE = 1e-5f;

    @TestFactory
    Stream<DynamicTest> logitsAreThoseOfTheWholeText() {
        // The reference is slow: few rows, and room for two runs a prompt.
        return Stream.of(
                DynamicTest.dynamicTest("reference", () -> compare(new ReferenceBackend(), 3, 80)),
                DynamicTest.dynamicTest("cpu", () -> compare(new CpuBackend(2), 16, 150)));
    }

    private static void compare(Backend backend, int rows, int context) {
        int[][] texts = new int[rows][context];
        int[] read = new int[rows];
        int[] places = new int[rows];
        for (int row = 0; row < rows; row++) {
            CounterRandom random = new CounterRandom(1, "row" + row);
            Arrays.setAll(texts[row], i -> random.integer(i, VOCAB));
            read[row] = context - random.integer(context, row == 0 ? 5 : context);
            places[row] = row;
        }
        Gpt model = GptTest.gpt(2, 2, 8, context, VOCAB, true);
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(rows, context));
        tracer.output(
                "logits",
                model.forward(model.weights(tracer, "model"), Map.of("tokens", tokens), Pass.inference())
                        .get("logits"));
        try (backend;
                Bench bench = new Bench(backend, Map.of("model", model), null, 3);
                BoundProgram whole = bench.prepare("whole", tracer.program());
                LanguageSession session = LanguageSession.of(bench, "model", "session", rows)) {
            whole.buffer("tokens")
                    .write(Arrays.stream(texts).flatMapToInt(Arrays::stream).toArray());
            whole.run();
            float[] expected = new float[rows * context * VOCAB];
            whole.buffer("logits").read(expected);
            float[][] logits = session.prefill(Arrays.stream(places)
                    .mapToObj(row -> Arrays.copyOf(texts[row], read[row]))
                    .toArray(int[][]::new));
            for (int step = 0; step < 6; step++) {
                if (step == 3) {
                    // Each text goes on in the place of the one before it; the last row begins with the first.
                    Arrays.setAll(places, row -> (row + 1) % rows);
                    session.reorder(places);
                    int[] before = read.clone();
                    Arrays.setAll(read, row -> before[(row + 1) % rows]);
                }
                for (int row = 0; row < rows; row++) {
                    int from = (places[row] * context + read[row] - 1) * VOCAB;
                    for (int token = 0; token < VOCAB; token++) {
                        assertEquals(
                                expected[from + token], logits[row][token], CLOSE, "row " + row + ", step " + step);
                    }
                }
                int[] next = new int[rows];
                Arrays.setAll(
                        next, row -> read[row] < context ? texts[places[row]][read[row]++] : LanguageSession.NOTHING);
                logits = session.step(next);
            }
        }
    }
}
