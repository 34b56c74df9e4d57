package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What a session does of itself, whatever the model. */
class LanguageSessionTest {
    private static final int VOCAB = 7;
    private static final int CONTEXT = 150;
    private static final int NOTHING = LanguageSession.NOTHING;

    private static IncrementalModel model(int context) {
        return new RunningSum(VOCAB, context, RunningSum.Fault.NONE);
    }

    private static int[] text(int length) {
        return IntStream.range(0, length).map(i -> (i * i + i / 3) % VOCAB).toArray();
    }

    private static LanguageSession open(Bench bench, int rows) {
        return LanguageSession.of(bench, "model", "session", rows);
    }

    /** The reference backend, which counts runs. */
    private static final class Counting implements Backend {
        private final Backend backend = new ReferenceBackend();
        private int runs;
        private int compiled;

        @Override
        public String id() {
            return backend.id();
        }

        @Override
        public String device() {
            return backend.device();
        }

        @Override
        public Buffer allocate(DType dtype, Shape shape) {
            return backend.allocate(dtype, shape);
        }

        @Override
        public Executable compile(Program program) {
            compiled++;
            Executable executable = backend.compile(program);
            return new Executable() {
                @Override
                public Step bind(Map<String, Buffer> buffers) {
                    Step step = executable.bind(buffers);
                    return () -> {
                        runs++;
                        step.run();
                    };
                }

                @Override
                public Explanation explain() {
                    return executable.explain();
                }

                @Override
                public void close() {
                    executable.close();
                }
            };
        }
    }

    @Test
    void promptsOfAnyLengthAreReadInFewRunsOfOneProgram() {
        Counting counting = new Counting();
        try (Bench bench = new Bench(counting, Map.of("model", model(CONTEXT)), null, 1);
                LanguageSession session = open(bench, 3)) {
            int compiled = counting.compiled;
            session.prefill(new int[][] {text(130), text(5), {}});
            assertEquals(3, counting.runs, "64, 64 and 2 tokens");
            session.prefill(new int[][] {text(2), text(64), text(1)});
            assertEquals(5, counting.runs, "many tokens of two rows, one of another");
            session.step(1, 2, 3);
            session.step(1, NOTHING, NOTHING);
            assertEquals(7, counting.runs);
            session.step(NOTHING, NOTHING, NOTHING);
            session.prefill(new int[][] {{}, {}, {}});
            assertEquals(7, counting.runs, "nothing to read");
            session.reorder(0, 1, 2);
            assertEquals(7, counting.runs, "nothing to move");
            assertEquals(compiled, counting.compiled, "programs compiled on the way");
        }
    }

    /** Also where it is longer than the context, once and several times. */
    @Test
    void aPromptIsReadAsItsTokensOneByOne() {
        for (int context : new int[] {1, 2, 7, CONTEXT}) {
            for (Model model : List.of(model(context), Toys.bigram(VOCAB))) {
                for (int length :
                        new int[] {1, 2, 3, context - 1, context, context + 1, 2 * context, 3 * context + 2}) {
                    try (Bench bench = Bench.of(model, null, 2);
                            LanguageSession session = open(bench, 2)) {
                        int[] text = text(Math.max(1, length));
                        float[] expected = new float[VOCAB];
                        for (int token : text) {
                            expected = session.step(token, NOTHING)[0].clone();
                        }
                        float[] then = session.step(3, NOTHING)[0].clone();
                        session.reset();
                        // Half of it behind what was read before, in the other row.
                        int half = text.length / 2;
                        session.prefill(new int[][] {{}, Arrays.copyOf(text, half)});
                        float[][] found =
                                session.prefill(new int[][] {text, Arrays.copyOfRange(text, half, text.length)});
                        String what = length + " tokens, context " + context;
                        for (int row = 0; row < 2; row++) {
                            assertArrayEquals(expected, found[row], 1e-4f, what + ", row " + row);
                        }
                        found = session.step(3, 3);
                        for (int row = 0; row < 2; row++) {
                            assertArrayEquals(then, found[row], 1e-4f, what + ", row " + row + ", then");
                        }
                    }
                }
            }
        }
    }

    /** A row that is full begins anew with its last half, and the others go on. */
    @Test
    void aFullRowForgetsItsOldestHalfAlone() {
        try (Bench bench = Bench.of(model(6), null, 3);
                LanguageSession session = open(bench, 2)) {
            session.prefill(new int[][] {text(6), {1, 2}});
            float[][] found =
                    Arrays.stream(session.step(4, 4)).map(float[]::clone).toArray(float[][]::new);
            session.reset();
            float[][] expected = session.prefill(new int[][] {{text(6)[3], text(6)[4], text(6)[5], 4}, {1, 2, 4}});
            assertArrayEquals(expected[0], found[0], 1e-5f);
            assertArrayEquals(expected[1], found[1], 1e-5f);
        }
    }

    /** In every row that reads, also behind another; in all others it changes nothing. */
    @Test
    void whatIsNoTokenIsImpossible() {
        Tokenizer gaps = new WithGaps(Toys.tokenizer(Text.of("abcdefg")), 2, 5);
        try (Bench bench = Bench.of(model(CONTEXT), null, 4);
                LanguageSession plain = open(bench, 3);
                LanguageSession session = LanguageSession.of(bench.withTokenizer(gaps), "model", "gaps", 3)) {
            int[][] text = {text(70), text(1), {}};
            requireGaps(plain.prefill(text), session.prefill(text), 2);
            requireGaps(plain.step(1, NOTHING, 3), session.step(1, NOTHING, 3), 3);
            plain.reorder(2, 0, 1);
            session.reorder(2, 0, 1);
            requireGaps(plain.step(1, 1, 0), session.step(1, 1, 0), 3);
        }
    }

    private static void requireGaps(float[][] plain, float[][] found, int rows) {
        for (int row = 0; row < rows; row++) {
            float[] expected = plain[row].clone();
            expected[2] = Float.NEGATIVE_INFINITY;
            expected[5] = Float.NEGATIVE_INFINITY;
            assertArrayEquals(expected, found[row], "row " + row);
        }
    }

    private record WithGaps(Tokenizer plain, int... gaps) implements Tokenizer {
        @Override
        public int vocab() {
            return plain.vocab();
        }

        @Override
        public int[] encode(String text) {
            return plain.encode(text);
        }

        @Override
        public String decode(int[] tokens) {
            return plain.decode(tokens);
        }

        @Override
        public String state() {
            return plain.state();
        }
    }

    @Test
    void sessionsOverTheSameWeightsAreIndependent() {
        try (Bench bench = Bench.of(model(9), null, 4);
                LanguageSession one = LanguageSession.of(bench, "model", "one", 1);
                LanguageSession two = LanguageSession.of(bench, "model", "two", 2)) {
            float[] alone = one.prefill(new int[][] {{1, 2, 3, 4}})[0].clone();
            one.reset();
            one.prefill(new int[][] {{1, 2}});
            two.prefill(new int[][] {{5}, {6, 6, 6}});
            one.step(3);
            two.step(0, 0);
            assertArrayEquals(alone, one.step(4)[0], 1e-5f);
        }
    }

    @Test
    void twoOfOneNameAreRefusedUntilTheFirstIsClosed() {
        try (Bench bench = Bench.of(model(9), null, 5)) {
            try (LanguageSession session = open(bench, 1)) {
                IllegalArgumentException error =
                        assertThrows(IllegalArgumentException.class, () -> open(bench, session.rows() + 1));
                assertEquals("'session' keeps something already; expected another name", error.getMessage());
            }
            try (LanguageSession again = open(bench, 2)) {
                assertEquals(2, again.rows());
            }
        }
    }

    @Test
    void theWeightsAreThoseOfNow() {
        try (Bench bench = Bench.of(model(9), null, 6);
                Bench other = Bench.of(model(9), null, 7);
                LanguageSession session = open(bench, 1);
                LanguageSession expected = open(other, 1)) {
            float[] before = session.prefill(new int[][] {{1, 2, 3}})[0].clone();
            bench.state().restore(other.state().snapshot());
            session.reset();
            float[] after = session.prefill(new int[][] {{1, 2, 3}})[0];
            assertArrayEquals(expected.prefill(new int[][] {{1, 2, 3}})[0], after);
            assertFalse(Arrays.equals(before, after));
        }
    }

    @Test
    void whatIsNoTokenAndNoRowIsRefusedAndNothingIsRead() {
        try (Bench bench = Bench.of(model(9), null, 8);
                LanguageSession session = open(bench, 2)) {
            session.prefill(new int[][] {{1}, {2, 3}});
            String[] messages = {
                assertThrows(IllegalArgumentException.class, () -> session.step(1))
                        .getMessage(),
                assertThrows(IllegalArgumentException.class, () -> session.step(1, VOCAB))
                        .getMessage(),
                assertThrows(IllegalArgumentException.class, () -> session.prefill(new int[][] {{1, 2}, {1, -2}}))
                        .getMessage(),
                assertThrows(IllegalArgumentException.class, () -> session.reorder(0))
                        .getMessage(),
                assertThrows(IllegalArgumentException.class, () -> session.reorder(0, 2))
                        .getMessage(),
                assertThrows(IllegalArgumentException.class, () -> open(bench, 0))
                        .getMessage()
            };
            assertArrayEquals(
                    new String[] {
                        "tokens of 1 rows, expected 2",
                        "token 7 of row 1 is not in [0, 7)",
                        "token -2 of row 1 is not in [0, 7)",
                        "rows [0], expected 2 of 0 to 1",
                        "rows [0, 2], expected 2 of 0 to 1",
                        "a session of 0 rows, expected at least 1"
                    },
                    messages);
            float[][] found =
                    Arrays.stream(session.step(4, 5)).map(float[]::clone).toArray(float[][]::new);
            session.reset();
            session.prefill(new int[][] {{1}, {2, 3}});
            assertArrayEquals(session.step(4, 5), found);
        }
    }

    @Test
    void aModelThatIsNoLanguageModelIsRefused() {
        try (Bench bench = Bench.of(Toys.unsuitable(), null, 9)) {
            InputError error = assertThrows(InputError.class, () -> open(bench, 1));
            assertEquals(
                    "the model can't write text: expected the signature 'i32 tokens[batch,time] -> f32"
                            + " logits[batch,time,vocab]', it has 'f32 unheardof[batch] -> f32 something[batch]'",
                    error.getMessage());
        }
    }
}
