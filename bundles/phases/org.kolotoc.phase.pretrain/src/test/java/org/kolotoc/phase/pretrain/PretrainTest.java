package org.kolotoc.phase.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Sgd;
import org.kolotoc.phase.pretrain.PretrainSettings.Precision;
import org.kolotoc.phase.pretrain.PretrainSettings.Recompute;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Tensor;

class PretrainTest extends PhaseConformance<PretrainSettings> {
    @Override
    protected Phase<PretrainSettings> phase() {
        return new Pretrain();
    }

    @Override
    protected PretrainSettings settings() {
        return settings(3, 0, 1, 1e-3);
    }

    /** Of the 480 characters, 479 targets: 30 windows of 16, the last one short by one. */
    @Override
    protected Stream<PretrainSettings> otherBatches() {
        return Stream.of(
                settings(1, 0, 1, 1e-3),
                settings(4, 0, 1, 1e-3),
                settings(4, 0, 2, 1e-3),
                settings(7, 0, 7, 1e-3),
                settings(30, 0, 1, 1e-3),
                settings(50, 0, 5, 1e-3));
    }

    @Override
    protected Stream<Refused<PretrainSettings>> refused() {
        return Stream.of(
                new Refused<>(settings(65_536, 0, 1, 1e-3, 1, 1), "evaluationBatches"),
                new Refused<>(settings(3, 17, 1, 1e-3), "context"),
                new Refused<>(settings(3, 0, 2, 1e-3), "accumulate"),
                new Refused<>(settings(3, 0, 1, 0.5), "minLearningRate"),
                new Refused<>(with(settings(), Recompute.BLOCKS), "recompute"));
    }

    private static double heldOut(PretrainSettings settings, Dataset data) {
        Model model = Toys.bigram(data.dimensions().get("vocab"));
        try (Bench bench = Bench.of(model, data, 1);
                Training training = new Pretrain().prepare(settings, bench)) {
            return Bench.measured(training::evaluate).get("loss/validation");
        }
    }

    @Test
    void whoSeesTheNextTokenIsNotTaughtIt() {
        Model causal = Toys.bigram(Toys.text().dimensions().get("vocab"));
        Model both = Model.of(
                "i32 tokens[batch,time]; bool present[batch,time]? -> f32 logits[batch,time,vocab]",
                causal.limits(),
                causal.parameters(),
                causal::forward);
        try (Bench bench = Bench.of(both, Toys.text(), 1)) {
            InputError e = assertThrows(InputError.class, () -> new Pretrain().prepare(settings(4, 0, 1, 1e-3), bench));
            assertTrue(e.getMessage().contains("it reads to both sides"), e.getMessage());
        }
    }

    /** The mean over every target, computed from the table of logits. */
    @Test
    void theHeldOutLossIsTheMeanOverEveryTarget() {
        TextDataset data = Toys.text();
        int[] tokens = data.tokenizer().encode(data.text("validation").excerpt(0, 480));
        int vocab = data.tokenizer().vocab();
        float[] table = new float[vocab * vocab];
        try (Bench bench = Bench.of(Toys.bigram(vocab), data, 1)) {
            bench.state().buffer("model/table.weight").read(table);
        }
        double sum = 0;
        for (int i = 0; i + 1 < tokens.length; i++) {
            double exponentials = 0;
            for (int j = 0; j < vocab; j++) {
                exponentials += Math.exp(table[tokens[i] * vocab + j]);
            }
            sum += Math.log(exponentials) - table[tokens[i] * vocab + tokens[i + 1]];
        }
        assertEquals(sum / 479, heldOut(settings(), data), 1e-6);
    }

    /** However the first sequences are asked for, they are the same ones. */
    @Test
    void aNumberOfSequencesDoesNotDependOnTheBatch() {
        double expected = heldOut(settings(1, 0, 1, 1e-3, 14, 0), Toys.text());
        assertNotEquals(expected, heldOut(settings(1, 0, 1, 1e-3), Toys.text()), 1e-5);
        for (PretrainSettings same : List.of(
                settings(3, 0, 1, 1e-3, 14, 0),
                settings(4, 0, 2, 1e-3, 14, 0),
                settings(50, 0, 5, 1e-3, 14, 0),
                settings(7, 0, 1, 1e-3, 0, 2),
                settings(2, 0, 1, 1e-3, 0, 7))) {
            assertEquals(expected, heldOut(same, Toys.text()), 1e-6 * expected, same::toString);
        }
        assertEquals(
                heldOut(settings(), Toys.text()), heldOut(settings(7, 0, 1, 1e-3, 1_000_000, 0), Toys.text()), 1e-6);
    }

    /** A model may give anything for what only pads. */
    @Test
    void paddingHasNoInfluenceEvenWhereItGivesNoNumber() {
        TextDataset data = Toys.text();
        int vocab = data.dimensions().get("vocab");
        Model bigram = Toys.bigram(vocab);
        double expected = heldOut(settings(), data);
        // Not a number in rows of nothing but token 0, which only padding has.
        Model spoilt = Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                bigram.limits(),
                bigram.parameters(),
                (weights, inputs, pass) -> {
                    Tensor tokens = inputs.get("tokens");
                    Tensor logits = bigram.forward(weights, inputs, pass).get("logits");
                    Tensor real = tokens.cast(DType.F32).sumKeepDims(1);
                    Tensor spoil = real.div(real).reshape(tokens.shape().extent(0), 1, 1);
                    return Map.of("logits", logits.mul(spoil));
                });
        try (Bench bench = Bench.of(spoilt, data, 1);
                Training training = new Pretrain().prepare(settings(7, 0, 1, 1e-3), bench)) {
            assertEquals(expected, Bench.measured(training::evaluate).get("loss/validation"), 1e-6 * expected);
        }
    }

    /** Data made before there were weights: all that it gives counts. */
    @Test
    void whereDataHasNoWeightsEveryTargetCounts() {
        TextDataset text = Toys.text();
        Dataset old = new Dataset() {
            @Override
            public Dimensions dimensions() {
                return text.dimensions();
            }

            @Override
            public List<String> splits() {
                return text.splits();
            }

            @Override
            public Batches batches(String split, Map<String, Integer> axes, long seed) {
                return text.batches(split, axes, seed);
            }
        };
        PretrainSettings whole = settings(5, 0, 1, 1e-3, 25, 0);
        assertEquals(heldOut(whole, text), heldOut(whole, old), 1e-6);
    }

    /** Experiments that name no optimiser have AdamW, as those that name it without any setting. */
    @Test
    void itTrainsWithAdamWWhereNothingIsSaid() {
        BenchState.Snapshot expected = trained(settings(), Optional.of(new AdamW(0.9, 0.99, 1e-8, 0.1)));
        assertEquals("", expected.difference(trained(settings(), Optional.empty())));
        assertEquals("", expected.difference(trained(older(0.1, 0.9), Optional.empty())), "the same, said as of old");
        assertNotEquals("", expected.difference(trained(older(0.2, null), Optional.empty())));
        assertNotEquals("", expected.difference(trained(older(null, 0.5), Optional.empty())));
    }

    @Test
    void whatAnOptimizerIsIsSaidOnce() {
        InputError error = assertThrows(InputError.class, () -> trained(older(0.2, null), Optional.of(new Sgd(0.9))));
        assertEquals("weightDecay", error.field());
        assertTrue(
                error.getMessage()
                        .startsWith("an optimizer is named, and weightDecay, beta2, epsilon are an older way"),
                error.getMessage());
    }

    private static BenchState.Snapshot trained(PretrainSettings settings, Optional<Optimizer> named) {
        Model model = Toys.bigram(Toys.text().dimensions().get("vocab"));
        try (Bench bench = Bench.of(model, Toys.text(), 1)) {
            named.map(bench::withOptimizer).orElse(bench).train(new Pretrain(), settings, 0, 4);
            return bench.state().snapshot();
        }
    }

    /** With settings of AdamW beside the others; null is none. */
    private PretrainSettings older(Double weightDecay, Double beta1) {
        PretrainSettings s = settings();
        return new PretrainSettings(
                s.batch(),
                s.context(),
                s.accumulate(),
                s.learningRate(),
                s.minLearningRate(),
                s.warmup(),
                weightDecay,
                beta1,
                0.99,
                1e-8,
                s.clip(),
                s.evaluationSequences(),
                s.evaluationBatches(),
                s.recompute(),
                s.precision(),
                null,
                List.of());
    }

    static PretrainSettings with(PretrainSettings s, Recompute recompute) {
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
                recompute,
                s.precision(),
                null,
                List.of());
    }

    static PretrainSettings settings(int batch, int context, int accumulate, double minLearningRate) {
        return settings(batch, context, accumulate, minLearningRate, 0, 0);
    }

    private static PretrainSettings settings(
            int batch, int context, int accumulate, double minLearningRate, int sequences, int batches) {
        return new PretrainSettings(
                batch,
                context,
                accumulate,
                0.05,
                minLearningRate,
                5,
                null,
                null,
                null,
                null,
                1,
                sequences,
                batches,
                Recompute.NONE,
                Precision.F32,
                null,
                List.of());
    }
}
