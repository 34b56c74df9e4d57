package org.kolotoc.model.seq2seq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** A session reads what is to be answered, and goes on behind it; each row as if it were alone. */
class TranslatingTest {
    private static final int VOCAB = 9;
    private static final int[][] SOURCES = {{1, 2, 3, 4, 5}, {7}, {6, 5, 4}};

    private static Seq2Seq model(Seq2SeqSettings settings) {
        return new Seq2SeqFamily().create(settings, Dimensions.of("vocab", VOCAB));
    }

    @TestFactory
    Stream<DynamicTest> theFirstTokensAreWhatIsRead() {
        return Stream.of(T5FamilyTest.t5(2, 3, true), T5FamilyTest.bart())
                .map(settings -> DynamicTest.dynamicTest(settings.toString(), () -> compare(model(settings))));
    }

    private static void compare(Seq2Seq model) {
        try (Bench bench = Bench.of(model, null, 3);
                LanguageSession session = LanguageSession.of(bench, "model", "session", 3)) {
            float[][] first = copy(session.prefill(SOURCES));
            float[][] second = copy(session.step(4, LanguageSession.NOTHING, 2));
            for (int row = 0; row < 3; row++) {
                float[] expected = whole(bench, model, SOURCES[row], model.start());
                assertArrayEquals(expected, first[row], 1e-5f, "row " + row);
            }
            assertArrayEquals(whole(bench, model, SOURCES[0], model.start(), 4), second[0], 1e-5f);
            assertArrayEquals(first[1], second[1], "a row that reads nothing stays");
            assertArrayEquals(whole(bench, model, SOURCES[2], model.start(), 2), second[2], 1e-5f);
            session.reorder(2, 0, 0);
            float[][] third = copy(session.step(1, 1, 3));
            assertArrayEquals(whole(bench, model, SOURCES[2], model.start(), 2, 1), third[0], 1e-5f);
            assertArrayEquals(whole(bench, model, SOURCES[0], model.start(), 4, 1), third[1], 1e-5f);
            assertArrayEquals(whole(bench, model, SOURCES[0], model.start(), 4, 3), third[2], 1e-5f);
            session.reset();
            assertArrayEquals(
                    whole(bench, model, new int[] {8, 8}, model.start()),
                    session.prefill(new int[][] {{}, {8, 8}, {}})[1],
                    1e-5f,
                    "after a reset a source is read again");
        }
    }

    private static float[][] copy(float[][] logits) {
        return Arrays.stream(logits).map(float[]::clone).toArray(float[][]::new);
    }

    /** Logits behind the last of some tokens, of a forward pass over nothing but them. */
    private static float[] whole(Bench bench, Seq2Seq model, int[] source, int... target) {
        try (BoundProgram program = bench.prepare("whole", forward(model, source.length, target.length))) {
            program.buffer("source").write(source);
            program.buffer("target").write(target);
            program.run();
            float[] all = GoldenModel.read(program, "logits");
            return Arrays.copyOfRange(all, all.length - VOCAB, all.length);
        }
    }

    private static Program forward(Seq2Seq model, int from, int time) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = Map.of(
                "source", tracer.feed("source", DType.I32, Shape.of(1, from)),
                "target", tracer.feed("target", DType.I32, Shape.of(1, time)));
        tracer.output(
                "logits",
                model.forward(model.weights(tracer, "model"), inputs, Pass.inference())
                        .get("logits"));
        return tracer.program();
    }

    /** The same bits alone and beside others, whatever these read; so any decoder writes the same. */
    @Test
    void anAnswerIsTheSameAloneAndInABatch() {
        for (Seq2SeqSettings settings : List.of(T5FamilyTest.t5(2, 3, true), T5FamilyTest.bart())) {
            try (Bench bench = Bench.of(model(settings), null, 5);
                    LanguageSession together = LanguageSession.of(bench, "model", "together", 3);
                    LanguageSession alone = LanguageSession.of(bench, "model", "alone", 1)) {
                float[][] first = copy(together.prefill(SOURCES));
                float[][] second = copy(together.step(3, 1, 8));
                for (int row = 0; row < SOURCES.length; row++) {
                    alone.reset();
                    assertArrayEquals(first[row], alone.prefill(new int[][] {SOURCES[row]})[0]);
                    assertArrayEquals(second[row], alone.step(new int[] {3, 1, 8}[row])[0]);
                }
                assertFalse(Arrays.equals(first[0], first[2]), "sources have a say");
                Decoder greedy = Decoder.of((logits, _, _) -> logits[0] > logits[5] ? 0 : 5);
                int[][] written = greedy.decode(
                        alone, List.of(new Decoder.Prompt(SOURCES[0], new CounterRandom(1, "draw"))), 4, _ -> false);
                assertEquals(4, written[0].length);
                assertEquals(first[0][0] > first[0][5] ? 0 : 5, written[0][0]);
            }
        }
    }

    /** Of what is too long the end is read, as the sampler says. */
    @Test
    void theEndOfALongSourceIsRead() {
        Seq2Seq model = model(T5FamilyTest.bart());
        int[] source = {1, 2, 3, 4, 5, 6, 7, 8};
        try (Bench bench = Bench.of(model, null, 3);
                LanguageSession session = LanguageSession.of(bench, "model", "session", 1)) {
            assertArrayEquals(
                    whole(bench, model, Arrays.copyOfRange(source, 2, 8), model.start()),
                    session.prefill(new int[][] {source})[0],
                    1e-5f);
        }
    }
}
