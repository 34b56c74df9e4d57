package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.CachedLanguageSession;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.model.gpt.Gpt;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;
import org.kolotoc.model.gpt.HuggingFace;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Parameter;

/** Greedy continuations of another implementation, and draws over the logits of one. */
class DecodingGoldenTest {
    private static final int DRAWS = 4000;

    /** What the decoder was shown of its only row, for one token after the other. */
    private record Recording(LanguageSession session, List<float[]> shown) implements LanguageSession {
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
            float[][] logits = session.prefill(tokens);
            shown.add(logits[0].clone());
            return logits;
        }

        @Override
        public void reorder(int... from) {
            session.reorder(from);
        }

        @Override
        public void reset() {
            session.reset();
            shown.clear();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> continuations() {
        GoldenFile golden = GoldenFile.of("decoding");
        List<DynamicTest> tests = new ArrayList<>();
        for (String model : List.of("gpt2", "t5")) {
            JsonObject all = golden.json().getAsJsonObject(model);
            for (JsonElement element : all.getAsJsonArray("cases")) {
                JsonObject one = element.getAsJsonObject();
                String name = model + " " + one.get("prompt") + " greedy";
                tests.add(
                        model.equals("gpt2")
                                ? DynamicTest.dynamicTest(name, () -> greedy(golden, all, one))
                                : GoldenFile.notEvaluated(name, "no encoder-decoder model yet"));
                for (JsonElement beam : one.getAsJsonArray("beams")) {
                    JsonObject settings = beam.getAsJsonObject();
                    String searched = "%s %s width %s, length penalty %s"
                            .formatted(model, one.get("prompt"), settings.get("width"), settings.get("length_penalty"));
                    tests.add(
                            model.equals("gpt2")
                                    ? DynamicTest.dynamicTest(searched, () -> beams(golden, all, one, settings))
                                    : GoldenFile.notEvaluated(searched, "no encoder-decoder model yet"));
                }
            }
        }
        return tests.stream();
    }

    /** Rows of a session that change places. */
    private static void beams(GoldenFile golden, JsonObject all, JsonObject one, JsonObject settings) {
        Gpt model = model();
        try (Bench bench = bench(model);
                LanguageSession session = LanguageSession.of(
                        bench, "model", "session", settings.get("width").getAsInt())) {
            double penalty = settings.get("length_penalty").getAsDouble();
            BeamSearch search = new BeamSearch(session, all.get("end").getAsInt(), penalty);
            List<BeamSearch.Beam> found = search.best(
                    GoldenFile.integers(one.get("prompt")),
                    all.get("new_tokens").getAsInt());
            List<JsonElement> sequences = settings.getAsJsonArray("sequences").asList();
            assertEquals(sequences.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                JsonObject sequence = sequences.get(i).getAsJsonObject();
                assertArrayEquals(
                        GoldenFile.integers(sequence.get("tokens")),
                        found.get(i).tokens(),
                        "sequence " + i);
                golden.assertClose("score", sequence.get("score"), (float) search.score(found.get(i)));
            }
        }
    }

    private static Bench bench(Gpt model) {
        Map<String, float[]> weights = GoldenFile.safetensors("decoding/gpt2", "model.safetensors");
        Bench bench = Bench.of(model, null, 0);
        for (Parameter parameter : model.parameters()) {
            bench.state().buffer("model/" + parameter.name()).write(weights.get(HuggingFace.name(parameter.name())));
        }
        return bench;
    }

    /** With a cache and without. */
    private static void greedy(GoldenFile golden, JsonObject all, JsonObject one) {
        int[] prompt = GoldenFile.integers(one.get("prompt"));
        JsonObject greedy = one.getAsJsonObject("greedy");
        int[] expected = GoldenFile.integers(greedy.get("tokens"));
        int count = all.get("new_tokens").getAsInt();
        int end = all.get("end").getAsInt();
        Gpt model = model();
        try (Bench bench = bench(model)) {
            for (IncrementalModel way : List.of(model, IncrementalModel.of(plain(model)))) {
                LanguageSession session = new CachedLanguageSession(bench, "model", "session", way, 1);
                try (Recording recording = new Recording(session, new ArrayList<>())) {
                    int[] written = new GreedyDecoder()
                            .create(new Settings.None())
                            .decode(
                                    recording,
                                    List.of(new Decoder.Prompt(prompt, new CounterRandom(1, "unused"))),
                                    count,
                                    token -> token == end)[0];
                    assertArrayEquals(expected, written);
                    double sum = 0;
                    for (int i = 0; i < expected.length; i++) {
                        double[] shares = shares(recording.shown().get(i), 1, 0, 1);
                        sum += Math.log(shares[expected[i]]);
                    }
                    golden.assertClose("log-probability", greedy.get("log_probability"), (float) sum);
                }
            }
        }
    }

    /** The model for whoever knows nothing of caches. */
    private static Model plain(Model model) {
        return Model.of(model.signature().toString(), model.limits(), model.parameters(), model::forward);
    }

    private static Gpt model() {
        JsonObject config = GoldenFile.object("decoding/gpt2", "config.json");
        Model model = new GptFamily()
                .create(
                        new GptSettings(
                                config.get("n_layer").getAsInt(),
                                config.get("n_head").getAsInt(),
                                config.get("n_embd").getAsInt(),
                                config.get("n_positions").getAsInt(),
                                4,
                                0,
                                true,
                                true,
                                true),
                        Dimensions.of("vocab", config.get("vocab_size").getAsInt()));
        return (Gpt) model;
    }

    /** Temperature, k and p over the logits of a model, row by row: nothing is drawn that is cut off, the rest by its share. */
    @TestFactory
    Stream<DynamicTest> draws() {
        JsonObject sft = GoldenFile.of("language").part("sft");
        float[] logits = GoldenFile.floats(sft.get("logits"));
        int vocab = GoldenFile.shape(sft.get("logits")).extent(2);
        List<SampleSettings> settings = List.of(
                new SampleSettings(0, 0, 1),
                new SampleSettings(1, 0, 1),
                new SampleSettings(0.7, 0, 1),
                new SampleSettings(1.5, 5, 1),
                new SampleSettings(1, 1, 1),
                new SampleSettings(1, 0, 0.6),
                new SampleSettings(0.8, 10, 0.9));
        return settings.stream()
                .map(one -> DynamicTest.dynamicTest(one.toString(), () -> {
                    for (int row = 0; row < logits.length / vocab; row++) {
                        drawn(one, Arrays.copyOfRange(logits, row * vocab, (row + 1) * vocab), row);
                    }
                }));
    }

    private static void drawn(SampleSettings settings, float[] logits, int row) {
        double[] expected = shares(logits, settings.temperature(), settings.topK(), settings.topP());
        double[] drawn = new double[logits.length];
        int[] tokens = new SampleDecoder()
                .create(settings)
                .decode(
                        new FixedSession(logits),
                        List.of(new Decoder.Prompt(new int[] {0}, new CounterRandom(row, "draws"))),
                        DRAWS,
                        _ -> false)[0];
        for (int token : tokens) {
            drawn[token] += 1.0 / DRAWS;
        }
        for (int token = 0; token < logits.length; token++) {
            double share = expected[token];
            // Five standard deviations; of what is cut off, none.
            double most = share == 0 ? 0 : 1e-9 + 5 * Math.sqrt(share * (1 - share) / DRAWS) + 1.0 / DRAWS;
            assertEquals(share, drawn[token], most, "row " + row + ", token " + token);
        }
    }

    /** The probability of each token, written down as the definitions have it: sorted lists, no running sums. */
    private static double[] shares(float[] logits, double temperature, int topK, double topP) {
        List<Integer> order = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .toList();
        List<Integer> kept = order.subList(0, temperature == 0 ? 1 : topK == 0 ? order.size() : topK);
        double[] weights = new double[logits.length];
        kept.forEach(token -> weights[token] =
                temperature == 0 ? 1 : Math.exp((logits[token] - logits[order.getFirst()]) / temperature));
        double sum = Arrays.stream(weights).sum();
        for (int size = 1; size <= kept.size(); size++) {
            double nucleus =
                    kept.subList(0, size).stream().mapToDouble(t -> weights[t]).sum();
            if (nucleus >= topP * sum) {
                kept.subList(size, kept.size()).forEach(token -> weights[token] = 0);
                break;
            }
        }
        double left = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / left).toArray();
    }
}
