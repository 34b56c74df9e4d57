package org.kolotoc.phase.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Training;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.model.diffusion.Denoiser;
import org.kolotoc.model.diffusion.DenoiserSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

class DenoisePhaseTest extends PhaseConformance<DenoiseSettings> {
    private static final int STEPS = 20;

    private static final Dataset RING = new RingSource()
            .open(new RingSettings(3, 1, 0.1, 50, 11), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    static DenoiseSettings settings(int batch, double average, DenoiseSettings.Schedule schedule, double rate) {
        return new DenoiseSettings(
                batch, Layout.POINTS, schedule, 0.01, 0.4, 0.2, average, rate, Math.min(rate, 0.001), 2, 1);
    }

    private static Model model(Prediction prediction, boolean labels) {
        return new Denoiser().create(new DenoiserSettings(8, 1, STEPS, prediction, labels), RING.dimensions());
    }

    @Override
    protected Phase<DenoiseSettings> phase() {
        return new DenoisePhase();
    }

    @Override
    protected DenoiseSettings settings() {
        return settings(16, 0.9, DenoiseSettings.Schedule.COSINE, 0.01);
    }

    @Override
    protected Stream<DenoiseSettings> otherBatches() {
        return Stream.of(1, 5, 30).map(batch -> settings(batch, 0.9, DenoiseSettings.Schedule.COSINE, 0.01));
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", model(Prediction.NOISE, true), "average", model(Prediction.NOISE, true));
    }

    @Override
    protected Set<String> averages() {
        return Set.of("average");
    }

    @Override
    protected Dataset data() {
        return RING;
    }

    @Override
    protected Stream<Refused<DenoiseSettings>> refused() {
        DenoiseSettings good = settings();
        return Stream.of(
                new Refused<>(
                        new DenoiseSettings(16, Layout.POINTS, good.schedule(), 0.01, 0.4, 0, 0.9, 0.1, 0.2, 2, 1),
                        "minLearningRate"),
                new Refused<>(
                        new DenoiseSettings(
                                16, Layout.POINTS, DenoiseSettings.Schedule.LINEAR, 0.4, 0.01, 0, 0.9, 0.1, 0.1, 2, 1),
                        "firstBeta"));
    }

    private static float[] read(Bench bench, String name) {
        float[] values = new float[bench.state().buffer(name).shape().size()];
        bench.state().buffer(name).read(values);
        return values;
    }

    /** Who samples the model has to know what it was trained with. */
    @Test
    void theScheduleIsKeptBesideTheWeights() {
        for (DenoiseSettings.Schedule schedule : DenoiseSettings.Schedule.values()) {
            DenoiseSettings settings = settings(4, 0.9, schedule, 0.01);
            try (Bench bench = new Bench(backend(), models(), RING, 1)) {
                bench.train(phase(), settings, 0, 1);
                NoiseSchedule kept = NoiseSchedule.of(read(bench, "model/" + NoiseSchedule.BETAS));
                NoiseSchedule expected = settings.noise(STEPS);
                for (int t = 0; t < STEPS; t++) {
                    assertEquals(expected.beta(t), kept.beta(t), 1e-6, schedule + ", step " + t);
                }
                assertArrayEquals(read(bench, "model/betas"), read(bench, "average/betas"));
            }
        }
    }

    /** After the first step it is the weights, after the second a known part of both. */
    @Test
    void theAverageFollowsTheWeights() {
        try (Bench bench = new Bench(backend(), models(), RING, 1)) {
            bench.train(phase(), settings(), 0, 1);
            float[] first = read(bench, "model/out.weight");
            assertArrayEquals(first, read(bench, "average/out.weight"));
            bench.train(phase(), settings(), 1, 2);
            float[] second = read(bench, "model/out.weight");
            float[] average = read(bench, "average/out.weight");
            float memory = 2 / 11f;
            for (int i = 0; i < first.length; i++) {
                assertNotEquals(first[i], second[i]);
                assertEquals(memory * first[i] + (1 - memory) * second[i], average[i], 1e-6);
            }
        }
    }

    /** Of a model whose every prediction is 0 the loss is the variance of what it should have told. */
    @Test
    void whatIsNotToldIsTheLoss() {
        Dataset point = new Examples(
                new Dimensions(Map.of("coordinate", 2)),
                Map.of(
                        "train", part(2),
                        "validation", part(20_000)));
        Map<Prediction, Double> expected = new HashMap<>();
        NoiseSchedule schedule = settings().noise(STEPS);
        double signal = 0;
        for (int t = 0; t < STEPS; t++) {
            signal += schedule.signal(t) / STEPS;
        }
        // Samples are 3 everywhere.
        expected.put(Prediction.NOISE, 1.0);
        expected.put(Prediction.SAMPLE, 9.0);
        expected.put(Prediction.VELOCITY, signal + 9 * (1 - signal));
        DenoiseSettings settings = settings(500, 0, DenoiseSettings.Schedule.COSINE, 0);
        expected.forEach((prediction, loss) -> {
            Model silent = Model.of(
                    prediction.denoiser(Layout.POINTS, false),
                    Dimensions.none(),
                    List.of(Parameter.of("zero", Initializer.ZEROS, 2)),
                    List.of(schedule.statistic()),
                    (weights, inputs, pass) -> {
                        if (pass.training()) {
                            pass.keep("betas", weights.get("betas"));
                        }
                        return Map.of(prediction.port(), inputs.get("noisy").mul(weights.get("zero")));
                    });
            try (Bench bench = new Bench(backend(), Map.of("model", silent), point, 1);
                    Training training = phase().prepare(settings, bench)) {
                double measured = Bench.measured(training::evaluate).get("loss/validation");
                assertEquals(loss, measured, 0.03 * loss, prediction.port());
            }
        });
    }

    private static Examples.Part part(int count) {
        float[] samples = new float[2 * count];
        Arrays.fill(samples, 3);
        return new Examples.Part(count).with(Layout.POINTS.field(), samples);
    }

    @Test
    void aModelThatIsNoDenoiserOfThisDataIsRefused() {
        Dataset unlabelled =
                new Examples(new Dimensions(Map.of("coordinate", 2)), Map.of("train", part(3), "validation", part(3)));
        Model without = Model.of(
                Prediction.NOISE.denoiser(Layout.POINTS, false),
                Dimensions.none(),
                List.of(Parameter.of("one", Initializer.ONES, 2)),
                (weights, inputs, _) -> Map.of("noise", inputs.get("noisy").mul(weights.get("one"))));
        DenoiseSettings settings = settings(4, 0, DenoiseSettings.Schedule.COSINE, 0.01);
        refused(Map.of("model", model(Prediction.NOISE, true)), unlabelled, settings, "the data has none");
        refused(Map.of("model", without), RING, settings, "no statistic 'betas'");
        refused(
                Map.of("model", model(Prediction.NOISE, true), "average", model(Prediction.NOISE, false)),
                RING,
                settings(),
                "other sizes");
        refused(
                Map.of("model", model(Prediction.NOISE, false), "average", model(Prediction.VELOCITY, false)),
                RING,
                settings(),
                "other sizes");
    }

    private void refused(Map<String, Model> models, Dataset data, DenoiseSettings settings, String why) {
        try (Bench bench = new Bench(backend(), models, data, 1)) {
            InputError error = assertThrows(InputError.class, () -> phase().prepare(settings, bench));
            assertTrue(error.getMessage().contains(why), error::getMessage);
        }
    }
}
