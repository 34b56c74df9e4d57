package org.kolotoc.bench;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Training;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;
import org.kolotoc.model.rnn.RnnFamily;
import org.kolotoc.model.rnn.RnnSettings;
import org.kolotoc.phase.finetune.Finetune;
import org.kolotoc.phase.finetune.FinetuneSettings;
import org.kolotoc.phase.pretrain.Pretrain;
import org.kolotoc.phase.pretrain.PretrainSettings;
import org.kolotoc.phase.reward.RewardPhase;
import org.kolotoc.phase.reward.RewardSettings;
import org.kolotoc.phase.rlhf.Rlhf;
import org.kolotoc.phase.rlhf.RlhfSettings;
import org.kolotoc.tck.Bench;

/** The step that an experiment runs: the same models, phase and backend, without the engine around them. */
final class KolotocStep implements StepWorker {
    private static final int STEPS = 1_000_000;

    private static final String MODEL = "model";
    private static final String LOSS = "loss/train";

    private final OurBackend ours;
    private final Bench bench;
    private final Training training;
    private final String answer;
    private double last = Double.NaN;

    private KolotocStep(OurBackend ours, Bench bench, Training training, String answer) {
        this.ours = ours;
        this.bench = bench;
        this.training = training;
        this.answer = answer;
    }

    /** Pre-training, by the next token. */
    static KolotocStep pretrain(GptConfig config, PretrainSettings.Precision precision, OurBackend ours) {
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
        Map<String, Model> models = Map.of(MODEL, model(config, GptSettings.Head.LM));
        Bench bench = bench(config, models, ours);
        return new KolotocStep(ours, bench, new Pretrain().prepare(settings, bench), LOSS);
    }

    /** Fine-tuning, by the second half of each sequence. */
    static KolotocStep finetune(GptConfig config, OurBackend ours) {
        FinetuneSettings settings = new FinetuneSettings(
                config.batch(),
                GptConfig.LEARNING_RATE,
                GptConfig.LEARNING_RATE,
                0,
                GptConfig.CLIP,
                0,
                0,
                0,
                1,
                0,
                null,
                null,
                FinetuneSettings.Reader.DECODER);
        Map<String, Model> models = Map.of(MODEL, model(config, GptSettings.Head.LM));
        Bench bench = bench(config, models, ours).withOptimizer(GptConfig.ADAMW);
        return new KolotocStep(ours, bench, new Finetune().prepare(settings, bench), LOSS);
    }

    /** Reward modelling, on pairs of sequences. */
    static KolotocStep reward(GptConfig config, OurBackend ours) {
        RewardSettings settings = new RewardSettings(
                config.batch() / 2,
                RewardSettings.Loss.KWISE,
                GptConfig.LEARNING_RATE,
                GptConfig.LEARNING_RATE,
                0,
                GptConfig.CLIP);
        Map<String, Model> models = Map.of(MODEL, model(config, GptSettings.Head.SCALAR));
        Bench bench = bench(config, models, ours).withOptimizer(GptConfig.ADAMW);
        return new KolotocStep(ours, bench, new RewardPhase().prepare(settings, bench), LOSS);
    }

    /**
     * Learning from rewards: answers are drawn, scored, and learned from.
     *
     * @param updates only the last of these, on the same answers step after step
     */
    static KolotocStep rlhf(GptConfig config, boolean updates, OurBackend ours) {
        RlhfSettings settings = new RlhfSettings(
                RlhfSettings.Weighting.WHITENED,
                config.batch() / 2,
                2,
                config.answer(),
                0.05,
                1e9,
                1,
                0.2,
                RlhfSettings.Mean.ANSWER,
                1,
                0.95,
                GptConfig.LEARNING_RATE,
                GptConfig.LEARNING_RATE,
                0,
                GptConfig.CLIP,
                1,
                0,
                null);
        Map<String, Model> models = Map.of(
                MODEL,
                model(config, GptSettings.Head.LM),
                "reference",
                model(config, GptSettings.Head.LM),
                "reward",
                model(config, GptSettings.Head.SCALAR));
        Bench bench = bench(config, models, ours).withOptimizer(GptConfig.ADAMW);
        Training training = updates ? UpdateAlone.of(new Rlhf(), settings, bench) : new Rlhf().prepare(settings, bench);
        return new KolotocStep(ours, bench, training, "entropy");
    }

    private static Bench bench(GptConfig config, Map<String, Model> models, OurBackend ours) {
        return new Bench(ProfiledBackend.of(ours.backend()), models, new Chats(config), 1).withSteps(STEPS);
    }

    private static Model model(GptConfig config, GptSettings.Head head) {
        if (config.isRecurrent()) {
            RnnSettings sizes =
                    new RnnSettings(RnnSettings.Cell.GRU, config.layers(), config.width(), config.context(), 0, true);
            return new RnnFamily().create(sizes, Dimensions.of("vocab", config.vocab()));
        }
        GptSettings sizes = new GptSettings(
                config.layers(), config.heads(), config.width(), config.context(), 4, 0, true, true, true);
        return new GptFamily().create(sizes.with(head), Dimensions.of("vocab", config.vocab()));
    }

    @Override
    public String name() {
        return ours.name();
    }

    @Override
    public double flops() {
        return ours.flops();
    }

    @Override
    public float step(long index) {
        training.step(index, (name, value) -> {
            if (name.equals(answer)) {
                last = value;
            }
        });
        return (float) last;
    }

    @Override
    public void close() {
        training.close();
        bench.close();
        ours.close();
    }
}
