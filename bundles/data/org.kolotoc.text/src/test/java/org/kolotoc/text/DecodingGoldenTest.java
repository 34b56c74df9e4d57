package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Model;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.CachedLanguageSession;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.seq2seq.Seq2Seq;
import org.kolotoc.model.seq2seq.Seq2SeqFamily;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tracer;

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

    /** A model with the weights of another implementation, and the text that it goes on from. */
    private interface Written {
        GoldenModel model();

        int[] prompt();

        /** Ways to go on, which all write the same; each for so many rows. */
        List<IntFunction<LanguageSession>> ways(Bench bench);

        default Bench bench() {
            Bench bench = Bench.of(model().model(), null, 0);
            model().load(bench);
            return bench;
        }

        static Written of(String model, JsonObject all, JsonObject one) {
            int[] prompt = GoldenFile.integers(one.get("prompt"));
            return model.equals("gpt2")
                    ? new Continued(GoldenModel.of(new GptFamily(), "decoding/gpt2"), prompt)
                    : new Translated(GoldenModel.of(new Seq2SeqFamily(), "decoding/t5"), prompt, new int[] {
                        all.get("decoder_start").getAsInt()
                    });
        }
    }

    /** With a cache and without. */
    private record Continued(GoldenModel model, int[] prompt) implements Written {
        @Override
        public List<IntFunction<LanguageSession>> ways(Bench bench) {
            Model whole = model.model();
            Model plain = Model.of(whole.signature().toString(), whole.limits(), whole.parameters(), whole::forward);
            return Stream.of(whole, plain)
                    .<IntFunction<LanguageSession>>map(way -> rows ->
                            new CachedLanguageSession(bench, "model", "session", IncrementalModel.of(way), rows))
                    .toList();
        }
    }

    /** Behind a source that is read once. */
    private record Translated(GoldenModel model, int[] source, int[] prompt) implements Written {
        @Override
        public List<IntFunction<LanguageSession>> ways(Bench bench) {
            return List.of(rows -> session(bench, rows));
        }

        private LanguageSession session(Bench bench, int rows) {
            Seq2Seq whole = (Seq2Seq) model.model();
            IncrementalModel decoder = whole.behind(source.length);
            LanguageSession session = new CachedLanguageSession(bench, "model", "session", decoder, rows);
            Tracer tracer = new Tracer();
            Shape shape = Shape.of(rows, source.length);
            whole.read(
                            model.weights(tracer),
                            tracer.feed("source", DType.I32, shape),
                            tracer.constant(1, DType.BOOL, shape))
                    .forEach((part, value) ->
                            tracer.update(tracer.state("session/" + part, value.dtype(), value.shape()), value));
            try (BoundProgram reading = bench.prepare("read", tracer.program())) {
                reading.buffer("source")
                        .write(IntStream.range(0, rows * source.length)
                                .map(i -> source[i % source.length])
                                .toArray());
                reading.run();
            }
            return session;
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
                String name = model + " " + one.get("prompt");
                tests.add(DynamicTest.dynamicTest(
                        name + " greedy", () -> greedy(golden, Written.of(model, all, one), all, one)));
                for (JsonElement beam : one.getAsJsonArray("beams")) {
                    JsonObject settings = beam.getAsJsonObject();
                    String searched = "%s width %s, length penalty %s"
                            .formatted(name, settings.get("width"), settings.get("length_penalty"));
                    tests.add(DynamicTest.dynamicTest(
                            searched, () -> beams(golden, Written.of(model, all, one), all, settings)));
                }
            }
        }
        return tests.stream();
    }

    /** Rows of a session that change places. */
    private static void beams(GoldenFile golden, Written written, JsonObject all, JsonObject settings) {
        try (Bench bench = written.bench();
                LanguageSession session = written.ways(bench)
                        .getFirst()
                        .apply(settings.get("width").getAsInt())) {
            double penalty = settings.get("length_penalty").getAsDouble();
            int end = all.get("end").getAsInt();
            List<JsonElement> sequences = settings.getAsJsonArray("sequences").asList();
            List<Decoder.Prompt> prompts = IntStream.range(0, sequences.size())
                    .mapToObj(rank -> new Decoder.Prompt(written.prompt(), new CounterRandom(1, "unused"), rank))
                    .toList();
            int[][] found = new BeamDecoder()
                    .create(new BeamSettings(session.rows(), penalty))
                    .decode(session, prompts, all.get("new_tokens").getAsInt(), token -> token == end);
            for (int i = 0; i < found.length; i++) {
                JsonObject sequence = sequences.get(i).getAsJsonObject();
                assertArrayEquals(GoldenFile.integers(sequence.get("tokens")), found[i], "sequence " + i);
                double sum = TextScore.of(session, written.prompt(), found[i]);
                golden.assertClose("score", sequence.get("score"), (float) (sum / Math.pow(found[i].length, penalty)));
            }
        }
    }

    private static void greedy(GoldenFile golden, Written written, JsonObject all, JsonObject one) {
        JsonObject greedy = one.getAsJsonObject("greedy");
        int[] expected = GoldenFile.integers(greedy.get("tokens"));
        int count = all.get("new_tokens").getAsInt();
        int end = all.get("end").getAsInt();
        try (Bench bench = written.bench()) {
            for (IntFunction<LanguageSession> way : written.ways(bench)) {
                try (Recording recording = new Recording(way.apply(1), new ArrayList<>())) {
                    int[] tokens = new GreedyDecoder()
                            .create(new Settings.None())
                            .decode(
                                    recording,
                                    List.of(new Decoder.Prompt(written.prompt(), new CounterRandom(1, "unused"))),
                                    count,
                                    token -> token == end)[0];
                    assertArrayEquals(expected, tokens);
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

    /** Temperature, k and p over the logits of a model, row by row: nothing is drawn that is cut off, the rest by its share. */
    @TestFactory
    Stream<DynamicTest> draws() {
        JsonObject sft = GoldenFile.of("language").part("sft");
        float[] logits = GoldenFile.floats(sft.get("logits"));
        int vocab = GoldenFile.shape(sft.get("logits")).extent(2);
        List<SampleSettings> settings = List.of(
                new SampleSettings(0, 0, 1, 0, 1),
                new SampleSettings(1, 0, 1, 0, 1),
                new SampleSettings(0.7, 0, 1, 0, 1),
                new SampleSettings(1.5, 5, 1, 0, 1),
                new SampleSettings(1, 1, 1, 0, 1),
                new SampleSettings(1, 0, 0.6, 0, 1),
                new SampleSettings(0.8, 10, 0.9, 0, 1));
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
