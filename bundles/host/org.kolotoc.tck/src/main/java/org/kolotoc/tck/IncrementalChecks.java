package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.api.text.CachedLanguageSession;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What a model must do that goes on from what it has read, on the reference backend. */
record IncrementalChecks(IncrementalModel model, int vocab) {
    private static final String ROLE = "model";
    private static final String SESSION = "session";
    private static final int ROWS = 3;

    /** Each check by its name; a model that reads no second token has nothing to go on from. */
    Stream<DynamicTest> all() {
        if (length() < 2) {
            return Stream.empty();
        }
        Map<String, Executable> checks = new LinkedHashMap<>();
        checks.put("rows give the logits of the whole text", this::rowsGiveTheLogitsOfTheWholeText);
        checks.put("a row is the same alone", this::aRowIsTheSameAlone);
        checks.put("what pads has no influence", this::whatPadsHasNoInfluence);
        checks.put("a row that reads nothing remembers", this::aRowThatReadsNothingRemembers);
        checks.put("rows change places", this::rowsChangePlaces);
        checks.put("what the cache held does not matter", this::whatTheCacheHeldDoesNotMatter);
        return checks.entrySet().stream().map(check -> DynamicTest.dynamicTest(check.getKey(), check.getValue()));
    }

    private int length() {
        return Math.min(12, model.limits().getOr("time", 12));
    }

    /** A text for each row. */
    private int[][] texts() {
        int[][] texts = new int[ROWS][length()];
        for (int row = 0; row < ROWS; row++) {
            CounterRandom random = new CounterRandom(11, "text" + row);
            for (int i = 0; i < length(); i++) {
                texts[row][i] = random.integer(i, vocab);
            }
        }
        return texts;
    }

    /** Beginnings of the texts, each of another length. */
    private int[][] prompts() {
        int[][] texts = texts();
        return new int[][] {
            Arrays.copyOf(texts[0], 1),
            Arrays.copyOf(texts[1], Math.max(1, length() - 2)),
            Arrays.copyOf(texts[2], Math.max(1, length() / 2))
        };
    }

    private LanguageSession session(Bench bench, int rows) {
        return new CachedLanguageSession(bench, ROLE, SESSION, model, rows);
    }

    private static float[][] copy(float[][] logits) {
        return Arrays.stream(logits).map(float[]::clone).toArray(float[][]::new);
    }

    void rowsGiveTheLogitsOfTheWholeText() {
        int[][] texts = texts();
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(ROWS, length()));
        tracer.output(
                "logits",
                model.forward(model.weights(tracer, ROLE), Map.of("tokens", tokens), Pass.inference())
                        .get("logits"));
        try (Bench bench = Bench.of(model, null, 12);
                BoundProgram whole = bench.prepare("whole", tracer.program());
                LanguageSession session = session(bench, ROWS)) {
            whole.buffer("tokens")
                    .write(Arrays.stream(texts).flatMapToInt(Arrays::stream).toArray());
            whole.run();
            float[] expected = new float[ROWS * length() * vocab];
            whole.buffer("logits").read(expected);
            int[][] prompts = prompts();
            int[] read =
                    Arrays.stream(prompts).mapToInt(prompt -> prompt.length).toArray();
            float[][] logits = session.prefill(prompts);
            for (int step = 0; step < length(); step++) {
                for (int row = 0; row < ROWS; row++) {
                    close(expected, row, read[row] - 1, logits[row]);
                }
                int[] next = new int[ROWS];
                for (int row = 0; row < ROWS; row++) {
                    next[row] = read[row] < length() ? texts[row][read[row]++] : LanguageSession.NOTHING;
                }
                logits = session.step(next);
            }
        }
    }

    private void close(float[] expected, int row, int position, float[] logits) {
        int from = (row * length() + position) * vocab;
        for (int token = 0; token < vocab; token++) {
            float wanted = expected[from + token];
            assertEquals(
                    wanted,
                    logits[token],
                    1e-4f * (1 + Math.abs(wanted)),
                    "row " + row + ", behind position " + position + ", token " + token);
        }
    }

    void aRowIsTheSameAlone() {
        try (Bench bench = Bench.of(model, null, 12);
                LanguageSession session = session(bench, ROWS)) {
            float[][] together = copy(session.prefill(prompts()));
            float[][] later = copy(session.step(0, vocab - 1, 0));
            for (int row = 0; row < ROWS; row++) {
                try (Bench another = Bench.of(model, null, 12);
                        LanguageSession alone = session(another, 1)) {
                    float[][] prompted = alone.prefill(new int[][] {prompts()[row]});
                    assertArrayEquals(prompted[0], together[row], "row " + row);
                    assertArrayEquals(alone.step(row == 1 ? vocab - 1 : 0)[0], later[row], "row " + row + ", later");
                }
            }
        }
    }

    /** Tokens behind the first ones of a row: whichever they are, no bit differs, then or later. */
    void whatPadsHasNoInfluence() {
        int time = Math.max(2, length() / 2);
        List<Parameter> cache = model.cache(ROWS, length() + time);
        try (Bench bench = Bench.of(model, null, 12)) {
            bench.state().declareScratch(SESSION, cache);
            float[][] expected = null;
            for (int pad = 0; pad < Math.min(3, vocab); pad++) {
                float[] first = reading(bench, cache, time, pad, new int[ROWS], new int[] {1, time - 1, time});
                float[] second = reading(bench, cache, time, pad, new int[] {1, time - 1, time}, new int[] {1, 1, 0});
                // The logits of a row that reads nothing are nobody's.
                Arrays.fill(second, 2 * vocab, 3 * vocab, 0);
                float[][] found = {first, second};
                expected = expected == null ? found : expected;
                for (int i = 0; i < found.length; i++) {
                    assertArrayEquals(expected[i], found[i], "reading " + i + " with token " + pad + " behind its own");
                }
            }
        }
    }

    private float[] reading(Bench bench, List<Parameter> cache, int time, int pad, int[] positions, int[] counts) {
        int[][] texts = texts();
        int[] tokens = new int[ROWS * time];
        Arrays.fill(tokens, pad);
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(texts[row], 0, tokens, row * time, counts[row]);
        }
        Tracer tracer = new Tracer();
        Map<String, Tensor> leaves = new LinkedHashMap<>();
        cache.forEach(
                part -> leaves.put(part.name(), tracer.state(SESSION + "/" + part.name(), part.dtype(), part.shape())));
        IncrementalModel.Extension extension = model.extend(
                model.weights(tracer, ROLE),
                tracer.feed("tokens", DType.I32, Shape.of(ROWS, time)),
                tracer.feed("positions", DType.I32, Shape.of(ROWS)),
                tracer.feed("counts", DType.I32, Shape.of(ROWS)),
                leaves::get);
        extension.cache().forEach((part, value) -> tracer.update(leaves.get(part), value));
        tracer.output("logits", extension.logits());
        try (BoundProgram program = bench.prepare("read", tracer.program())) {
            program.buffer("tokens").write(tokens);
            program.buffer("positions").write(positions);
            program.buffer("counts").write(counts);
            program.run();
            assertEquals(Shape.of(ROWS, vocab), program.buffer("logits").shape(), "logits");
            float[] logits = new float[ROWS * vocab];
            program.buffer("logits").read(logits);
            return logits;
        }
    }

    void aRowThatReadsNothingRemembers() {
        int[][] beginnings = {{0}, {vocab - 1}, {0}};
        int waits = LanguageSession.NOTHING;
        try (Bench bench = Bench.of(model, null, 12);
                Bench other = Bench.of(model, null, 12);
                LanguageSession session = session(bench, ROWS);
                LanguageSession paused = session(other, ROWS)) {
            session.prefill(beginnings);
            float[][] expected = session.step(0, vocab - 1, 0);
            float[][] before = copy(paused.prefill(beginnings));
            float[][] after = paused.step(0, waits, waits);
            assertArrayEquals(before[1], after[1], "logits of a row that reads nothing");
            paused.step(waits, vocab - 1, waits);
            assertArrayEquals(expected, paused.step(waits, waits, 0));
        }
    }

    void rowsChangePlaces() {
        int[] from = {2, 0, 0};
        int[][] prompts = Arrays.stream(prompts())
                .map(prompt -> Arrays.copyOf(prompt, Math.max(1, Math.min(prompt.length, length() - 1))))
                .toArray(int[][]::new);
        int[][] moved = {prompts[2], prompts[0], prompts[0]};
        try (Bench bench = Bench.of(model, null, 12);
                Bench other = Bench.of(model, null, 12);
                LanguageSession session = session(bench, ROWS);
                LanguageSession began = session(other, ROWS)) {
            session.prefill(prompts);
            session.reorder(from);
            began.prefill(moved);
            assertArrayEquals(began.step(0, 0, vocab - 1), session.step(0, 0, vocab - 1));
        }
    }

    void whatTheCacheHeldDoesNotMatter() {
        try (Bench bench = Bench.of(model, null, 12);
                LanguageSession session = session(bench, ROWS)) {
            float[][] expected = copy(session.prefill(prompts()));
            session.reset();
            // Room behind the context is the session's own business; any room will do to know the names.
            model.cache(ROWS, 1).forEach(part -> dirty(bench.state().buffer(SESSION + "/" + part.name())));
            assertArrayEquals(expected, session.prefill(prompts()));
        }
    }

    private void dirty(Buffer buffer) {
        int size = buffer.shape().size();
        if (buffer.dtype() == DType.F32) {
            float[] values = new float[size];
            Arrays.fill(values, 100);
            buffer.write(values);
        } else {
            int[] values = new int[size];
            Arrays.fill(values, buffer.dtype() == DType.BOOL ? 1 : vocab - 1);
            buffer.write(values);
        }
    }
}
