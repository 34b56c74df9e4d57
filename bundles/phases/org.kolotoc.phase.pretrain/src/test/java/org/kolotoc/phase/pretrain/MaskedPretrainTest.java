package org.kolotoc.phase.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.nn.Sgd;
import org.kolotoc.phase.pretrain.objective.MaskedFamily;
import org.kolotoc.phase.pretrain.objective.MaskedSettings;
import org.kolotoc.phase.pretrain.objective.Objective;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;

/** Tokens that are hidden, by a model that looks at the neighbours of each. */
class MaskedPretrainTest extends PhaseConformance<PretrainSettings> {
    private static final int TIME = 16;

    @Override
    protected Phase<PretrainSettings> phase() {
        return new Pretrain();
    }

    @Override
    protected PretrainSettings settings() {
        return with(6, 1);
    }

    @Override
    protected Stream<PretrainSettings> otherBatches() {
        return Stream.of(with(1, 1), with(4, 2), with(50, 5));
    }

    private static PretrainSettings with(int batch, int parts) {
        return with(PretrainTest.settings(batch, 0, parts, 1e-3), objective(true));
    }

    private static Objective objective(boolean rightHidden) {
        return new MaskedFamily()
                .create(new MaskedSettings(0.15, 0.8, 0.1, "", MaskedSettings.Masks.DYNAMIC, rightHidden));
    }

    static PretrainSettings with(PretrainSettings s, Objective objective) {
        return new PretrainSettings(
                s.batch(),
                s.context(),
                s.accumulate(),
                s.learningRate(),
                s.minLearningRate(),
                s.warmup(),
                s.weightDecay(),
                s.beta1(),
                s.beta2(),
                s.epsilon(),
                s.clip(),
                s.evaluationSequences(),
                s.evaluationBatches(),
                s.recompute(),
                s.precision(),
                objective,
                List.of());
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", neighbours());
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(new NamedTokenizer(Toys.text().tokenizer(), List.of("<mask>")));
    }

    private int vocab() {
        return tokenizer().orElseThrow().vocab();
    }

    /** Logits of a token are those of its left neighbour and those of its right one, where they are present. */
    Model neighbours() {
        return Model.of(
                "i32 tokens[batch,time]; bool present[batch,time]? -> f32 logits[batch,time,vocab]",
                Dimensions.of("time", TIME),
                List.of(
                        Parameter.of("left.weight", new Initializer.Normal(0.1), vocab(), vocab()),
                        Parameter.of("right.weight", new Initializer.Normal(0.1), vocab(), vocab())),
                (weights, inputs, _) -> {
                    Tensor tokens = inputs.get("tokens");
                    Tensor there = inputs.get("present")
                            .cast(DType.F32)
                            .reshape(tokens.shape().extent(0), tokens.shape().extent(1), 1);
                    Tensor left = weights.get("left.weight").gather(tokens).mul(there);
                    Tensor right = weights.get("right.weight").gather(tokens).mul(there);
                    int time = tokens.shape().extent(1);
                    return Map.of(
                            "logits",
                            left.slice(1, 0, time - 1)
                                    .pad(1, 1, 0, 0)
                                    .add(right.slice(1, 1, time).pad(1, 0, 1, 0)));
                });
    }

    /** What counts of a batch moves weights, what does not moves none of them by a bit, in parts too. */
    @Test
    void onlyHiddenTokensHaveAGradient() {
        for (int parts : new int[] {1, 2}) {
            Model table = Model.of(
                    "i32 tokens[batch,time]; bool present[batch,time]? -> f32 logits[batch,time,vocab]",
                    Dimensions.of("time", TIME),
                    List.of(Parameter.of("table.weight", new Initializer.Normal(0.1), TIME, vocab())),
                    (weights, inputs, _) -> {
                        Tensor tokens = inputs.get("tokens");
                        Tensor rows = weights.get("table.weight").reshape(1, TIME, vocab());
                        return Map.of(
                                "logits",
                                rows.add(tokens.cast(DType.F32)
                                        .mul(0)
                                        .reshape(tokens.shape().extent(0), TIME, 1)));
                    });
            try (Bench bench = Bench.of(table, data(), 1)
                    .withTokenizer(tokenizer().orElseThrow())
                    .withOptimizer(new Sgd(0))) {
                float[] before = new float[TIME * vocab()];
                bench.state().buffer("model/table.weight").read(before);
                Bench all = bench.withSteps(1000);
                PretrainSettings settings = with(PretrainTest.settings(2, 0, parts, 1e-3), objective(false));
                all.train(phase(), settings, 1, 2);
                float[] after = new float[before.length];
                bench.state().buffer("model/table.weight").read(after);
                int moved = 0;
                for (int at = 0; at < TIME; at++) {
                    moved += Arrays.equals(
                                    before, at * vocab(), (at + 1) * vocab(), after, at * vocab(), (at + 1) * vocab())
                            ? 0
                            : 1;
                }
                // Two rows hide 2.4 tokens each in the mean: 2 or 3.
                assertTrue(moved >= 2 && moved <= 6, moved + " of " + TIME + " positions moved");
            }
        }
    }

    /** The accuracy is that of what is hidden, and the right context helps a model that looks there. */
    @Test
    void whatTheRightGivesIsMeasured() {
        try (Bench bench = Bench.of(neighbours(), data(), 1)
                        .withTokenizer(tokenizer().orElseThrow())
                        .withSteps(300);
                Training training = phase().prepare(settings(), bench)) {
            Map<String, Double> untrained = Bench.measured(training::evaluate);
            for (int step = 0; step < 300; step++) {
                training.step(step, (_, _) -> {});
            }
            Map<String, Double> trained = Bench.measured(training::evaluate);
            assertTrue(untrained.get("accuracy/validation") < 0.4, untrained::toString);
            assertTrue(trained.get("accuracy/validation") > 0.6, trained::toString);
            assertEquals(
                    trained.get("accuracy/right-seen") - trained.get("accuracy/right-hidden"),
                    trained.get("accuracy/right-gain"),
                    1e-12);
            assertTrue(trained.get("accuracy/right-gain") > 0.1, trained::toString);
            try (Bench spoilt = Bench.of(neighbours(), data().controls().get("shuffled"), 1)
                    .withTokenizer(tokenizer().orElseThrow())) {
                spoilt.state().restore(bench.state().snapshot());
                try (Training control = phase().prepare(settings(), spoilt)) {
                    assertTrue(Bench.measured(control::evaluate).get("accuracy/validation") < 0.4, "a control passes");
                }
            }
            assertNotEquals(trained.get("accuracy/right-seen"), trained.get("accuracy/validation"));
        }
    }

    @Override
    protected Dataset data() {
        return Toys.text();
    }

    /** A tokenizer with special tokens behind its own. */
    record NamedTokenizer(Tokenizer plain, List<String> names) implements Tokenizer {
        @Override
        public int vocab() {
            return plain.vocab() + names.size();
        }

        @Override
        public Map<String, Integer> specials() {
            Map<String, Integer> specials = new LinkedHashMap<>();
            names.forEach(name -> specials.put(name, plain.vocab() + specials.size()));
            return specials;
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
}
