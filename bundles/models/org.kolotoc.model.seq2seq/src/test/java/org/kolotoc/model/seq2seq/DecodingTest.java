package org.kolotoc.model.seq2seq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.api.text.CachedLanguageSession;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Token by token, behind sources that were read once, the decoder gives what it gives of the whole. */
class DecodingTest {
    private static final int VOCAB = 9;
    private static final int FROM = 5;
    private static final int[][] WRITTEN = {{0, 4, 2, 7}, {0, 1, 8, 3}};

    @TestFactory
    Stream<DynamicTest> tokenByTokenAsTheWhole() {
        return Stream.of(
                        T5FamilyTest.t5(2, 3, true),
                        T5FamilyTest.t5(2, 4, false),
                        T5FamilyTest.bart(),
                        T5FamilyTest.cut(T5FamilyTest.bart()))
                .map(settings -> DynamicTest.dynamicTest(settings.toString(), () -> compare(settings)));
    }

    private void compare(Seq2SeqSettings settings) {
        Seq2Seq model = new Seq2SeqFamily().create(settings, Dimensions.of("vocab", VOCAB));
        int[] source = {1, 2, 3, 4, 5, 6, 7, 8, 0, 1};
        int[] present = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
        try (Bench bench = Bench.of(model, null, 3);
                BoundProgram whole = bench.prepare("whole", whole(model));
                LanguageSession session = new CachedLanguageSession(bench, "model", "session", model.behind(FROM), 2);
                BoundProgram reading = bench.prepare("read", reading(model))) {
            for (BoundProgram program : new BoundProgram[] {whole, reading}) {
                program.buffer("source").write(source);
                program.buffer("present").write(present);
            }
            whole.buffer("target")
                    .write(Arrays.stream(WRITTEN).flatMapToInt(Arrays::stream).toArray());
            whole.run();
            reading.run();
            float[] expected = GoldenModel.read(whole, "logits");
            float[][] logits = session.prefill(new int[][] {{0, 4}, {0, 1}});
            for (int at = 1; at < 4; at++) {
                for (int row = 0; row < 2; row++) {
                    for (int token = 0; token < VOCAB; token++) {
                        assertEquals(
                                expected[(row * 4 + at) * VOCAB + token],
                                logits[row][token],
                                1e-5,
                                "row " + row + ", position " + at + ", token " + token);
                    }
                }
                logits = at < 3 ? session.step(WRITTEN[0][at + 1], WRITTEN[1][at + 1]) : logits;
            }
            assertTrue(Math.abs(logits[0][1] - logits[1][1]) > 1e-6, "what was written differs");
        }
    }

    private static Program whole(Seq2Seq model) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = Map.of(
                "source", tracer.feed("source", DType.I32, Shape.of(2, FROM)),
                "present", tracer.feed("present", DType.BOOL, Shape.of(2, FROM)),
                "target", tracer.feed("target", DType.I32, Shape.of(2, 4)));
        tracer.output(
                "logits",
                model.forward(model.weights(tracer, "model"), inputs, Pass.inference())
                        .get("logits"));
        return tracer.program();
    }

    private static Program reading(Seq2Seq model) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        model.behind(FROM)
                .cache(2, 1)
                .forEach(part -> leaves.put(
                        part.name(),
                        // Those of what is written are longer, and not touched.
                        part.name().contains("cross") || part.name().equals(Decoding.PRESENT)
                                ? tracer.state("session/" + part.name(), part.dtype(), part.shape())
                                : null));
        model.read(
                        model.weights(tracer, "model"),
                        tracer.feed("source", DType.I32, Shape.of(2, FROM)),
                        tracer.feed("present", DType.BOOL, Shape.of(2, FROM)))
                .forEach((part, value) -> tracer.update(leaves.get(part), value));
        return tracer.program();
    }
}
