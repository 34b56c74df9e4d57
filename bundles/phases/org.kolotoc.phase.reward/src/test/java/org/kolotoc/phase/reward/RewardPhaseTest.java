package org.kolotoc.phase.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.data.chat.Lengths;
import org.kolotoc.data.chat.PreferencesSettings;
import org.kolotoc.data.chat.PreferencesSource;
import org.kolotoc.data.chat.WorldChoice;
import org.kolotoc.nn.Sgd;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;

class RewardPhaseTest extends PhaseConformance<RewardSettings> {
    private static final ChatDataset RANKINGS = (ChatDataset) new PreferencesSource()
            .open(
                    new PreferencesSettings(
                            new WorldChoice(1, 6, List.of(), 0.34),
                            3,
                            6,
                            0,
                            0,
                            new ChatTemplate("?", ":", "\n", "|"),
                            new Lengths(90, 60, ChatTokens.Cut.LEFT)),
                    new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
    private static final int VOCAB = RANKINGS.dimensions().get("vocab");
    private static final int TIME = RANKINGS.dimensions().get("time");

    @Override
    protected Phase<RewardSettings> phase() {
        return new RewardPhase();
    }

    @Override
    protected RewardSettings settings() {
        return settings(2, 0.05);
    }

    private static RewardSettings settings(int batch, double learningRate) {
        return new RewardSettings(batch, RewardSettings.Loss.KWISE, learningRate, 0, 2, 1);
    }

    @Override
    protected Stream<RewardSettings> otherBatches() {
        return Stream.of(settings(1, 0.05), settings(7, 0.05));
    }

    @Override
    protected Stream<Refused<RewardSettings>> refused() {
        return Stream.of(
                new Refused<>(new RewardSettings(2, RewardSettings.Loss.LISTWISE, 0.1, 0.2, 2, 1), "minLearningRate"));
    }

    @Override
    protected ChatDataset data() {
        return RANKINGS;
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(RANKINGS.tokens().tokenizer());
    }

    /** A reward at each position: of the letters so far. */
    private static Model letters() {
        return Model.of(
                "i32 tokens[batch,time] -> f32 reward[batch,time]",
                Dimensions.none(),
                List.of(
                        Parameter.of("letters", new Initializer.Normal(0.1), VOCAB),
                        Parameter.of("head", Initializer.ONES, 1)),
                (weights, inputs, _) -> Map.of(
                        "reward",
                        weights.get("letters")
                                .gather(inputs.get("tokens"))
                                .cumulativeSum(1)
                                .mul(weights.get("head"))));
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", letters());
    }

    /** The reward at each position by its token alone. */
    private static Model places() {
        return Model.of(
                "i32 tokens[batch,time] -> f32 reward[batch,time]",
                Dimensions.none(),
                List.of(Parameter.of("table", new Initializer.Normal(0.1), VOCAB * TIME)),
                (weights, inputs, _) -> {
                    Tensor tokens = inputs.get("tokens");
                    Tensor places = tokens.tracer().iota(tokens.shape(), 1);
                    Tensor at = tokens.mul(tokens.constant(TIME)).add(places);
                    return Map.of("reward", weights.get("table").gather(at));
                });
    }

    /** Not a bit of what the model says at another token changes. */
    @Test
    void onlyWhatIsSaidAtTheMarkIsTrained() {
        try (Bench bench = new Bench(backend(), Map.of("model", places()), RANKINGS, 1).withOptimizer(new Sgd(0))) {
            float[] first = read(bench, "model/table", VOCAB * TIME);
            bench.train(phase(), settings(4, 1), 0, 20);
            float[] last = read(bench, "model/table", VOCAB * TIME);
            int mark = RANKINGS.tokens().reward();
            for (int token = 0; token < VOCAB; token++) {
                float[] was = Arrays.copyOfRange(first, token * TIME, (token + 1) * TIME);
                float[] is = Arrays.copyOfRange(last, token * TIME, (token + 1) * TIME);
                assertEquals(token != mark, Arrays.equals(was, is), "token " + token);
            }
        }
    }

    private static float[] read(Bench bench, String name, int size) {
        float[] values = new float[size];
        bench.state().buffer(name).read(values);
        return values;
    }

    /** The same answers, and no mark behind them. */
    private record Unmarked(ChatDataset data) implements ChatDataset {
        @Override
        public ChatTokens tokens() {
            return data.tokens();
        }

        @Override
        public List<Exchange> exchanges(String split) {
            return data.exchanges(split);
        }

        @Override
        public int[] prompt(String question) {
            return data.prompt(question);
        }

        @Override
        public Dimensions dimensions() {
            return data.dimensions();
        }

        @Override
        public List<String> splits() {
            return data.splits();
        }

        @Override
        public List<Signature.Port> fields() {
            return data.fields();
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            Batches batches = data.batches(split, axes, seed);
            return new Batches() {
                @Override
                public long count() {
                    return batches.count();
                }

                @Override
                public void fill(long index, Map<String, Buffer> feeds) {
                    batches.fill(index, feeds);
                    Buffer tokens = feeds.get("tokens");
                    int[] all = new int[tokens.shape().size()];
                    tokens.read(all);
                    int mark = tokens().reward();
                    tokens.write(Arrays.stream(all)
                            .map(token -> token == mark ? tokens().pad() : token)
                            .toArray());
                }
            };
        }
    }

    @Test
    void anAnswerWithoutTheMarkIsRefused() {
        try (Bench bench = new Bench(backend(), models(), new Unmarked(RANKINGS), 1);
                Training training = phase().prepare(settings(), bench)) {
            for (InputError error : List.of(
                    assertThrows(InputError.class, () -> training.step(0, (_, _) -> {})),
                    assertThrows(InputError.class, () -> training.evaluate((_, _) -> {})))) {
                assertTrue(error.getMessage().contains("no mark \"|\""), error::getMessage);
            }
        }
    }
}
