package org.kolotoc.sampler.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.image.Scatter;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.model.diffusion.Denoiser;
import org.kolotoc.model.diffusion.DenoiserSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.phase.denoise.DenoisePhase;
import org.kolotoc.phase.denoise.DenoiseSettings;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;

/** One denoiser of a ring with classes, trained once, and all ways to sample it. */
final class TrainedDenoiserTest {
    private static final int MODES = 4;
    private static final double DEVIATION = 0.1;
    private static final int STEPS = 1200;
    private static final int POINTS = 400;

    private static Bench bench;

    @BeforeAll
    static void train() {
        Dataset ring = new RingSource()
                .open(
                        new RingSettings(MODES, 1, DEVIATION, 20_000, 100),
                        new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
        Model denoiser =
                new Denoiser().create(new DenoiserSettings(32, 2, 50, Prediction.VELOCITY, true), ring.dimensions());
        bench = new Bench(new CpuBackend(1), Map.of("model", denoiser), ring, 1).withSteps(STEPS);
        DenoiseSettings settings = new DenoiseSettings(
                256, Layout.POINTS, DenoiseSettings.Schedule.COSINE, 0.1, 0.2, 0.2, 0, 0.005, 0.0001, 20, 1);
        bench.train(new DenoisePhase(), settings, 0, STEPS);
    }

    @AfterAll
    static void close() {
        bench.close();
    }

    /** The share of points within three deviations of the mode that their label names, or of any. */
    private static double near(Sample sample, boolean ofLabel) {
        Scatter points = Scatter.of(sample);
        int near = 0;
        for (int i = 0; i < points.count(); i++) {
            boolean found = false;
            for (int mode = 0; mode < MODES; mode++) {
                double angle = 2 * Math.PI * mode / MODES;
                double away = Math.hypot(
                        points.places()[2 * i] - Math.cos(angle), points.places()[2 * i + 1] - Math.sin(angle));
                found |= away < 3 * DEVIATION && (!ofLabel || points.labels()[i] == mode);
            }
            near += found ? 1 : 0;
        }
        return near / (double) points.count();
    }

    private static Sample drawn(Sampling sampling) {
        try (sampling) {
            return sampling.draw(1, "sample/1", (_, _) -> {}).getFirst();
        }
    }

    private static DynamicTest way(String name, Sampling sampling) {
        Sample sample = drawn(sampling);
        return DynamicTest.dynamicTest(name, () -> {
            double near = near(sample, true);
            assertTrue(near > 0.85, () -> near + " of the points are at the modes of their classes");
        });
    }

    @TestFactory
    Stream<DynamicTest> eachWayEndsAtTheModesOfTheClasses() {
        return Stream.of(
                way("ddpm", new DdpmSampler().prepare(new DdpmSettings(POINTS, Layout.POINTS, -1, 1, 0), bench)),
                way(
                        "ddim",
                        new DdimSampler()
                                .prepare(new DdimSettings(POINTS, Layout.POINTS, 20, 0, -1, List.of(), 1, 0), bench)),
                way(
                        "ddim, noisy",
                        new DdimSampler()
                                .prepare(new DdimSettings(POINTS, Layout.POINTS, 40, 1, -1, List.of(), 1, 0), bench)),
                way(
                        "dpm-solver",
                        new DpmSolverSampler()
                                .prepare(new DpmSolverSettings(POINTS, Layout.POINTS, 10, -1, List.of(), 1, 0), bench)),
                way(
                        "guided",
                        new DdimSampler()
                                .prepare(
                                        new DdimSettings(POINTS, Layout.POINTS, 20, 0, -1, List.of(), 1.5, 0), bench)));
    }

    /** With nothing of the class points are at any mode, by chance at that of their label. */
    @Test
    void withoutGuidanceTheClassIsNotKnown() {
        Sample sample = drawn(new DdpmSampler().prepare(new DdpmSettings(POINTS, Layout.POINTS, -1, 0, 0), bench));
        double any = near(sample, false);
        double own = near(sample, true);
        assertTrue(any > 0.6, () -> any + " are at modes");
        assertTrue(own < 0.4, () -> own + " are at the mode of their label");
    }

    /** One of them is a walk, which takes as long as a sample does. */
    @Test
    void controlsSayHowFarTheyAreAndStop() {
        try (Sampling sampling = new DdpmSampler().prepare(new DdpmSettings(POINTS, Layout.POINTS, -1, 1, 0), bench)) {
            List<Sample> samples = sampling.draw(1, "sample/1", (_, _) -> {});
            List<String> heard = new ArrayList<>();
            sampling.controls(samples, (done, all) -> heard.add(done + "/" + all));
            assertTrue(heard.size() > 10, heard::toString);
            assertEquals(heard.size() + "/" + heard.size(), heard.getLast());
            assertThrows(
                    Stopped.class,
                    () -> sampling.controls(samples, (_, _) -> {
                        throw new Stopped();
                    }));
        }
    }

    /** A schedule that is walked in a wrong order is a bug that must be seen, and so is a sample that is one point. */
    @Test
    void controlsAreNotAtTheModes() {
        try (Sampling sampling = new DdpmSampler().prepare(new DdpmSettings(POINTS, Layout.POINTS, -1, 1, 0), bench)) {
            List<Sample> samples = sampling.draw(1, "sample/1", (_, _) -> {});
            Map<String, List<Sample>> controls = sampling.controls(samples);
            assertTrue(near(controls.get("shuffled").getFirst(), false) < 0.5);
            assertTrue(near(controls.get("constant").getFirst(), true) < 0.3);
            float[] training = bench.data().first("train", POINTS).get("sample");
            assertTrue(Arrays.equals(
                    training, Scatter.of(controls.get("replayed").getFirst()).places()));
        }
    }
}
