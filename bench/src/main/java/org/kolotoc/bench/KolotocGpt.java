package org.kolotoc.bench;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Training;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.phase.pretrain.PretrainSettings;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.Buffer;

/** The step that an experiment runs: the same model, phase and backend, without the engine around them. */
final class KolotocGpt implements StepWorker {
    private static final int STEPS = 1_000_000;

    private final OurBackend ours;
    private final Bench bench;
    private final Training training;
    private double loss;

    KolotocGpt(GptConfig config, PretrainSettings.Precision precision, OurBackend ours) {
        this.ours = ours;
        Data data = new Data(config);
        GptSettings sizes = new GptSettings(
                config.layers(), config.heads(), config.width(), config.context(), 4, 0, true, true, true);
        Model model = new GptFamily().create(sizes, data.dimensions());
        bench = new Bench(ProfiledBackend.of(ours.backend()), Map.of("model", model), data, 1).withSteps(STEPS);
        PretrainSettings settings = new PretrainSettings(
                config.batch(),
                config.context(),
                1,
                GptConfig.LEARNING_RATE,
                GptConfig.LEARNING_RATE,
                0,
                GptConfig.WEIGHT_DECAY,
                GptConfig.BETA1,
                GptConfig.BETA2,
                GptConfig.EPSILON,
                GptConfig.CLIP,
                0,
                0,
                PretrainSettings.Recompute.NONE,
                precision,
                null,
                List.of());
        training = new Pretrain().prepare(settings, bench.withSteps(STEPS));
    }

    @Override
    public String name() {
        return ours.name();
    }

    @Override
    public float step(long index) {
        training.step(index, (name, value) -> {
            if (name.equals("loss/train")) {
                loss = value;
            }
        });
        return (float) loss;
    }

    @Override
    public void close() {
        training.close();
        bench.close();
        ours.close();
    }

    /** The batches that the other side gets too. */
    private static final class Data implements Dataset, Batches {
        private final GptConfig config;
        private final int[] tokens;
        private final int[] targets;

        Data(GptConfig config) {
            this.config = config;
            this.tokens = new int[config.tokens()];
            this.targets = new int[config.tokens()];
        }

        @Override
        public Dimensions dimensions() {
            return Dimensions.of("vocab", config.vocab());
        }

        @Override
        public List<String> splits() {
            return List.of("train");
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            return this;
        }

        @Override
        public long count() {
            return STEPS;
        }

        @Override
        public void fill(long index, Map<String, Buffer> feeds) {
            config.fill(index, tokens, targets);
            feeds.get("tokens").write(tokens);
            feeds.get("targets").write(targets);
        }
    }
}
