package org.kolotoc.sampler.diffusion;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.data.pictures.ShapesSettings;
import org.kolotoc.data.pictures.ShapesSource;
import org.kolotoc.model.diffusion.UNet;
import org.kolotoc.model.diffusion.UNetSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.phase.denoise.DenoisePhase;
import org.kolotoc.phase.denoise.DenoiseSettings;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;

/** A U-Net of discs and rings, trained for each prediction, and pictures drawn from it. */
final class PicturesTest {
    private static final int SIZE = 8;
    private static final int STEPS = 250;
    private static final int PICTURES = 40;

    private static final Dataset SHAPES = new ShapesSource()
            .open(new ShapesSettings(SIZE, 2, 2000, 40), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    @TestFactory
    Stream<DynamicTest> picturesAreThoseOfTheirClasses() {
        return Stream.of(Prediction.values())
                .map(prediction -> DynamicTest.dynamicTest(prediction.port(), () -> drawn(prediction)));
    }

    /** Of a disc the middle is bright, of a ring it is dark. */
    private static void drawn(Prediction prediction) {
        Model unet =
                new UNet().create(new UNetSettings(List.of(8, 16), 8, 4, 2, 50, prediction, true), SHAPES.dimensions());
        DenoiseSettings settings = new DenoiseSettings(
                32, Layout.PICTURES, DenoiseSettings.Schedule.COSINE, 0.1, 0.2, 0.1, 0, 0.005, 0.0005, 20, 1);
        try (Bench bench = new Bench(new CpuBackend(1), Map.of("model", unet), SHAPES, 1).withSteps(STEPS)) {
            bench.train(new DenoisePhase(), settings, 0, STEPS);
            double[] trained = middles(bench);
            assertTrue(trained[0] > trained[1] + 0.2, () -> Arrays.toString(trained) + " of discs and of rings");
        }
        try (Bench bench = new Bench(new CpuBackend(1), Map.of("model", unet), SHAPES, 1)) {
            double[] untrained = middles(bench);
            assertTrue(Math.abs(untrained[0] - untrained[1]) < 0.2, () -> Arrays.toString(untrained) + " untrained");
        }
    }

    /** How bright the four pixels in the middle are, of each class. */
    private static double[] middles(Bench bench) {
        DdimSettings settings = new DdimSettings(PICTURES, Layout.PICTURES, 20, 0, -1, List.of(), 1, 1);
        double[] middles = new double[2];
        try (Sampling sampling = new DdimSampler().prepare(settings, bench)) {
            Pictures drawn =
                    Pictures.of(sampling.draw(1, "sample/1", (_, _) -> {}).getFirst(), SIZE, SIZE);
            for (int i = 0; i < PICTURES; i++) {
                for (int at : new int[] {27, 28, 35, 36}) {
                    middles[i % 2] += drawn.pixels()[i * SIZE * SIZE + at] / (2.0 * PICTURES);
                }
            }
        }
        return middles;
    }
}
