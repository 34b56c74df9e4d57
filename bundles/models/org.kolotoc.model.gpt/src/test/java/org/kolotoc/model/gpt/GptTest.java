package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.text.CachedLanguageSession;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.nn.Losses;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What a causal language model must do, whatever its weights. */
class GptTest {
    private static final int VOCAB = 11;

    /** Of 65 characters 4.174 nats, of GPT-2's tokens 10.825. */
    @Test
    void theLossAtTheStartIsThatOfAGuess() {
        guess(gpt(4, 4, 128, 64, 65, true), 65);
        guess(gpt(1, 2, 32, 64, 50_257, true), 50_257);
    }

    private static void guess(Gpt model, int vocab) {
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(2, 64));
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(2, 64));
        Tensor logits = model.forward(model.weights(tracer, "model"), Map.of("tokens", tokens), Pass.inference())
                .get("logits");
        tracer.output("loss", Losses.crossEntropy(logits, targets));
        try (Bench bench = Bench.of(model, null, 1);
                BoundProgram program = bench.prepare("loss", tracer.program())) {
            program.buffer("tokens").write(random(128, vocab, "tokens"));
            program.buffer("targets").write(random(128, vocab, "targets"));
            program.run();
            assertEquals(Math.log(vocab), program.scalar("loss"), 0.03 * Math.log(vocab));
        }
    }

    @Test
    void aTokenChangesNothingBeforeItAndSomethingFromIt() {
        Gpt model = gpt(2, 2, 16, 9, VOCAB, true);
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(1, 9));
        model.forward(model.weights(tracer, "model"), Map.of("tokens", tokens), Pass.inference())
                .forEach(tracer::output);
        try (Bench bench = Bench.of(model, null, 2);
                BoundProgram program = bench.prepare("forward", tracer.program())) {
            int[] text = random(9, VOCAB, "text");
            float[] before = hidden(program, text);
            for (int changed = 0; changed < 9; changed++) {
                int[] other = text.clone();
                other[changed] = (text[changed] + 1) % VOCAB;
                float[] after = hidden(program, other);
                assertArrayEquals(Arrays.copyOf(before, changed * 16), Arrays.copyOf(after, changed * 16));
                for (int position = changed; position < 9; position++) {
                    assertFalse(
                            Arrays.equals(
                                    before,
                                    position * 16,
                                    position * 16 + 16,
                                    after,
                                    position * 16,
                                    position * 16 + 16),
                            "token " + changed + " does not reach position " + position);
                }
            }
        }
    }

    private static float[] hidden(BoundProgram program, int[] text) {
        program.buffer("tokens").write(text);
        program.run();
        float[] values = new float[program.buffer("hidden").shape().size()];
        program.buffer("hidden").read(values);
        return values;
    }

    @Test
    void theCacheGivesTheLogitsOfAWindow() {
        for (boolean tied : new boolean[] {true, false}) {
            Gpt model = gpt(2, 3, 12, 8, VOCAB, tied);
            Model plain = Model.of(model.signature().toString(), model.limits(), model.parameters(), model::forward);
            try (Bench bench = Bench.of(model, null, 3);
                    LanguageSession cached = LanguageSession.of(bench, "model", "cached", 1);
                    LanguageSession window =
                            new CachedLanguageSession(bench, "model", "window", IncrementalModel.of(plain), 1)) {
                for (int round = 0; round < 2; round++) {
                    for (int token : random(8, VOCAB, "round" + round)) {
                        assertArrayEquals(window.step(token)[0], cached.step(token)[0], 1e-5f);
                    }
                    cached.reset();
                    window.reset();
                }
            }
        }
    }

    @Test
    void aFullCacheReadsItsLastHalfAgain() {
        Gpt model = gpt(1, 2, 8, 6, VOCAB, true);
        int[] text = random(7, VOCAB, "text");
        try (Bench bench = Bench.of(model, null, 4);
                LanguageSession session = LanguageSession.of(bench, "model", "session", 1)) {
            float[] full = null;
            for (int token : text) {
                full = session.step(token)[0].clone();
            }
            session.reset();
            float[] half = null;
            for (int token : Arrays.copyOfRange(text, 3, 7)) {
                half = session.step(token)[0];
            }
            assertArrayEquals(half, full);
        }
    }

    @Test
    void parametersFollowTheFormula() {
        CounterRandom random = new CounterRandom(5, "sizes");
        for (int i = 0; i < 10; i++) {
            int layers = 1 + random.integer(4 * i, 5);
            int heads = 1 + random.integer(4 * i + 1, 4);
            int width = heads * (1 + random.integer(4 * i + 2, 6));
            int context = 1 + random.integer(4 * i + 3, 50);
            long d = width;
            assertEquals(
                    layers * (12 * d * d + 13 * d) + VOCAB * d + context * d + 2 * d,
                    count(gpt(layers, heads, width, context, VOCAB, true)));
        }
        assertEquals(124_439_808, count(gpt(12, 12, 768, 1024, 50_257, true)));
        assertEquals(65 * 128, count(gpt(4, 4, 128, 64, 65, false)) - count(gpt(4, 4, 128, 64, 65, true)));
    }

    private static long count(Gpt model) {
        return model.parameters().stream().mapToLong(p -> p.shape().size()).sum();
    }

    @Test
    void headsThatDoNotDivideTheWidthAreRefusedByName() {
        InputError error = assertThrows(InputError.class, () -> gpt(2, 12, 1600, 64, VOCAB, true));
        assertEquals("heads", error.field());
        assertTrue(error.getMessage().contains("12 heads") && error.getMessage().contains("1600"), error.getMessage());
    }

    @Test
    void dropoutDrawsAnewForEveryKeyAndOnlyInTraining() {
        Gpt model = new GptFamily()
                .create(new GptSettings(1, 2, 8, 5, 4, 0.5, true, true, true), Dimensions.of("vocab", VOCAB));
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(1, 5));
        Pass training = Pass.training(tracer.feed("key", DType.I32, Shape.of(2)));
        tracer.output(
                "hidden",
                model.forward(model.weights(tracer, "model"), Map.of("tokens", tokens), training)
                        .get("hidden"));
        tracer.output(
                "calm",
                model.forward(model.weights(tracer, "model"), Map.of("tokens", tokens), Pass.inference())
                        .get("hidden"));
        try (Bench bench = Bench.of(model, null, 6);
                BoundProgram program = bench.prepare("dropout", tracer.program())) {
            int[] text = random(5, VOCAB, "text");
            program.buffer("key").write(new int[] {1, 1});
            float[] first = hidden(program, text);
            assertArrayEquals(first, hidden(program, text));
            float[] calm = new float[first.length];
            program.buffer("calm").read(calm);
            program.buffer("key").write(new int[] {1, 2});
            assertFalse(Arrays.equals(first, hidden(program, text)));
            float[] stillCalm = new float[first.length];
            program.buffer("calm").read(stillCalm);
            assertArrayEquals(calm, stillCalm);
        }
    }

    static Gpt gpt(int layers, int heads, int width, int context, int vocab, boolean tied) {
        return new GptFamily()
                .create(
                        new GptSettings(layers, heads, width, context, 4, 0, tied, true, true),
                        Dimensions.of("vocab", vocab));
    }

    private static int[] random(int count, int bound, String name) {
        CounterRandom random = new CounterRandom(9, name);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.integer(i, bound);
        }
        return values;
    }
}
