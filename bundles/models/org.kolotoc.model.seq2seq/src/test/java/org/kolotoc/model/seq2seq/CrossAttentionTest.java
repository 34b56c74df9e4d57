package org.kolotoc.model.seq2seq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Pass;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Cross attention is the only way from what is read to what is written. */
class CrossAttentionTest {
    private static final Dimensions VOCAB = Dimensions.of("vocab", 9);

    private static final List<Seq2SeqSettings> STYLES =
            List.of(T5FamilyTest.t5(2, 3, true), T5FamilyTest.t5(2, 4, false), T5FamilyTest.bart());

    @Test
    void whereItIsCutNoBitOfTheSourceIsSeen() {
        for (Seq2SeqSettings settings : STYLES) {
            float[][] whole = logits(settings);
            assertFalse(Arrays.equals(whole[0], whole[1]), settings.style() + " does not read its source");
            float[][] cut = logits(T5FamilyTest.cut(settings));
            assertArrayEquals(cut[0], cut[1], settings.style()::name);
            assertFalse(Arrays.equals(cut[0], whole[0]), settings.style()::name);
        }
    }

    /** So that it begins with what another was trained to. */
    @Test
    void itHasTheSameWeights() {
        for (Seq2SeqSettings settings : STYLES) {
            assertEquals(
                    new Seq2SeqFamily().create(settings, VOCAB).parameters(),
                    new Seq2SeqFamily()
                            .create(T5FamilyTest.cut(settings), VOCAB)
                            .parameters());
        }
    }

    @Test
    void noOtherLibraryHasIt() {
        for (Seq2SeqSettings settings : STYLES) {
            String message = assertThrows(
                            InputError.class, () -> new Seq2SeqFamily().write(T5FamilyTest.cut(settings), VOCAB))
                    .getMessage();
            assertTrue(message.contains("crossAttention"), message);
        }
    }

    /** Behind two sources. */
    private static float[][] logits(Seq2SeqSettings settings) {
        Seq2Seq model = new Seq2SeqFamily().create(settings, VOCAB);
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = Map.of(
                "source", tracer.feed("source", DType.I32, Shape.of(1, 4)),
                "target", tracer.feed("target", DType.I32, Shape.of(1, 3)));
        tracer.output(
                "logits",
                model.forward(model.weights(tracer, "model"), inputs, Pass.inference())
                        .get("logits"));
        try (Bench bench = Bench.of(model, null, 1);
                BoundProgram program = bench.prepare("logits", tracer.program())) {
            program.buffer("target").write(new int[] {0, 5, 2});
            program.buffer("source").write(new int[] {1, 2, 3, 4});
            program.run();
            float[] one = GoldenModel.read(program, "logits");
            program.buffer("source").write(new int[] {8, 7, 6, 5});
            program.run();
            return new float[][] {one, GoldenModel.read(program, "logits")};
        }
    }
}
