package org.kolotoc.phase.denoise;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.model.diffusion.Denoiser;
import org.kolotoc.model.diffusion.DenoiserSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tracer;

/**
 * Of one Gaussian of deviation s the best that can be told of the noise is known, {@code E[noise | x_t] = sqrt(1 - signal) (x_t -
 * sqrt(signal) mean) / (signal s^2 + 1 - signal)}, and so is its mean squared error, {@code signal s^2 / (signal s^2 + 1 - signal)}.
 */
class OptimalNoiseTest {
    private static final int STEPS = 50;
    private static final double DEVIATION = 0.5;
    private static final int TRIED = 8000;
    private static final DenoiseSettings SETTINGS = new DenoiseSettings(
            256, Layout.POINTS, DenoiseSettings.Schedule.LINEAR, 0.001, 0.3, 0, 0.99, 0.003, 0.0001, 20, 1);

    @Test
    void whatIsToldComesWithinFivePercentOfTheBest() {
        Dataset data = new RingSource()
                .open(
                        new RingSettings(1, 1, DEVIATION, 50_000, 100),
                        new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
        Model model =
                new Denoiser().create(new DenoiserSettings(32, 2, STEPS, Prediction.NOISE, false), data.dimensions());
        try (Bench bench =
                new Bench(new CpuBackend(1), Map.of("model", model, "average", model), data, 1).withSteps(2000)) {
            double before = excess(bench, model);
            bench.train(new DenoisePhase(), SETTINGS, 0, 2000);
            double after = excess(bench, model);
            assertTrue(before > 0.5, () -> "untrained, and " + before + " above the best");
            assertTrue(after <= 0.05, () -> after + " above the best, of which 0.05 is allowed");
        }
    }

    /** How much larger its error is than the best, as a share of that; the best of the same noisy points. */
    private static double excess(Bench bench, Model model) {
        NoiseSchedule schedule = SETTINGS.noise(STEPS);
        CounterRandom random = new CounterRandom(3, "tried");
        float[] noisy = new float[2 * TRIED];
        float[] times = new float[TRIED];
        double[] best = new double[2 * TRIED];
        double least = 0;
        for (int i = 0; i < TRIED; i++) {
            times[i] = i % STEPS;
            double signal = schedule.signal(i % STEPS);
            double variance = signal * DEVIATION * DEVIATION + 1 - signal;
            for (int axis = 0; axis < 2; axis++) {
                // The one Gaussian of a ring of radius 1 has its mean at (1, 0).
                double mean = Math.sqrt(signal) * (1 - axis);
                noisy[2 * i + axis] = (float) (mean + Math.sqrt(variance) * random.normal(2L * i + axis));
                best[2 * i + axis] = Math.sqrt(1 - signal) * (noisy[2 * i + axis] - mean) / variance;
                least += signal * DEVIATION * DEVIATION / variance;
            }
        }
        float[] told = told(bench, model, noisy, times);
        double off = 0;
        for (int i = 0; i < told.length; i++) {
            off += Math.pow(told[i] - best[i], 2);
        }
        return off / least;
    }

    private static float[] told(Bench bench, Model model, float[] noisy, float[] times) {
        Tracer tracer = new Tracer();
        tracer.output(
                "told",
                model.forward(
                                model.weights(tracer, "average"),
                                Map.of(
                                        "noisy", tracer.feed("noisy", DType.F32, Shape.of(TRIED, 2)),
                                        "time", tracer.feed("time", DType.F32, Shape.of(TRIED))),
                                Pass.inference())
                        .get("noise"));
        float[] told = new float[noisy.length];
        try (BoundProgram program = bench.prepare("told", tracer.program())) {
            program.buffer("noisy").write(noisy);
            program.buffer("time").write(times);
            program.run();
            program.buffer("told").read(told);
        }
        return told;
    }
}
