package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.model.gpt.Gpt;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Sixteen texts side by side are token for token what each is alone, also beyond the context. */
class BatchDecodingTest {
    private static final int VOCAB = 13;
    private static final int CONTEXT = 16;

    @TestFactory
    Stream<DynamicTest> sixteenTogetherAreSixteenAlone() {
        Map<String, Decoder> decoders = Map.of(
                "greedy", new GreedyDecoder().create(new Settings.None()),
                "drawn at a temperature", new SampleDecoder().create(new SampleSettings(0.8, 0, 1, 0, 1)),
                "drawn of the likeliest", new SampleDecoder().create(new SampleSettings(1.2, 5, 0.9, 0, 1)));
        return decoders.entrySet().stream()
                .flatMap(decoder -> Stream.of(
                        DynamicTest.dynamicTest(
                                decoder.getKey() + ", reference",
                                () -> compare(new ReferenceBackend(), 3, decoder.getValue())),
                        DynamicTest.dynamicTest(
                                decoder.getKey() + ", cpu", () -> compare(new CpuBackend(2), 16, decoder.getValue()))));
    }

    private static void compare(Backend backend, int count, Decoder decoder) {
        Gpt model = model();
        List<Decoder.Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CounterRandom random = new CounterRandom(1, "prompt" + i);
            int[] tokens = new int[1 + random.integer(0, CONTEXT + 3)];
            Arrays.setAll(tokens, at -> random.integer(1 + at, VOCAB));
            prompts.add(new Decoder.Prompt(tokens, new CounterRandom(2, "sample/" + i)));
        }
        try (backend;
                Bench bench = new Bench(backend, Map.of("model", model), null, 3);
                LanguageSession together = LanguageSession.of(bench, "model", "together", count);
                LanguageSession alone = LanguageSession.of(bench, "model", "alone", 1)) {
            loud(bench, model);
            int[][] texts = decoder.decode(together, prompts, 12, _ -> false);
            Set<List<Integer>> different = new HashSet<>();
            for (int i = 0; i < count; i++) {
                int[] expected = decoder.decode(alone, List.of(prompts.get(i)), 12, _ -> false)[0];
                assertArrayEquals(expected, texts[i], "text " + i);
                different.add(Arrays.stream(texts[i]).boxed().toList());
            }
            assertTrue(different.size() > count / 2, () -> "texts say little: " + different);
        }
    }

    /** Unless the rows only seem to change places. */
    @Test
    void aBeamFindsALikelierTextThanGreedy() {
        Gpt model = model();
        try (Bench bench = Bench.of(model, null, 3);
                LanguageSession one = LanguageSession.of(bench, "model", "one", 1);
                LanguageSession four = LanguageSession.of(bench, "model", "four", 4)) {
            loud(bench, model);
            int found = 0;
            int lost = 0;
            for (int token = 0; token < 4; token++) {
                int[] prompt = {token, VOCAB - 1};
                double greedy = TextScore.of(one, prompt, searched(one, 1, prompt));
                double best = TextScore.of(one, prompt, searched(four, 4, prompt));
                double staying = TextScore.of(one, prompt, searched(new Staying(four), 4, prompt));
                found += best > greedy + 0.1 ? 1 : 0;
                lost += staying < best - 0.1 ? 1 : 0;
            }
            assertTrue(found > 0, "no prompt has a likelier text than the greedy one");
            assertTrue(lost > 0, "rows that stay where they are do as well");
        }
    }

    private static int[] searched(LanguageSession session, int width, int... prompt) {
        return new BeamDecoder()
                .create(new BeamSettings(width, 0))
                .decode(session, List.of(new Decoder.Prompt(prompt, new CounterRandom(1, "unused"))), 6, _ -> false)[0];
    }

    /** Reads, and changes no places. */
    private record Staying(LanguageSession session) implements LanguageSession {
        @Override
        public int rows() {
            return session.rows();
        }

        @Override
        public int vocab() {
            return session.vocab();
        }

        @Override
        public float[][] prefill(int[][] tokens) {
            return session.prefill(tokens);
        }

        @Override
        public void reorder(int... from) {
            if (IntStream.of(from).allMatch(row -> row == 0)) {
                // The prompt was read in one row.
                session.reorder(from);
            }
        }

        @Override
        public void reset() {
            session.reset();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static Gpt model() {
        return new GptFamily()
                .create(new GptSettings(2, 2, 32, CONTEXT, 4, 0, true, true, true), Dimensions.of("vocab", VOCAB));
    }

    /** Weights that make a model sure of something, and of something else at each place. */
    private static void loud(Bench bench, Gpt model) {
        for (Parameter parameter : model.parameters()) {
            if (parameter.shape().rank() == 2) {
                float[] values = new float[parameter.shape().size()];
                CounterRandom random = new CounterRandom(4, parameter.name());
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (0.3 * random.normal(i));
                }
                bench.state().buffer("model/" + parameter.name()).write(values);
            }
        }
    }
}
