package org.kolotoc.sampler.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.api.image.Scatter;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.model.gan.DcganGenerator;
import org.kolotoc.model.gan.DcganGeneratorSettings;
import org.kolotoc.model.gan.Generator;
import org.kolotoc.model.gan.GeneratorSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.SamplerConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

class GeneratorSamplerTest extends SamplerConformance<GeneratorSamplerSettings> {
    private static final Dataset RING = new RingSource()
            .open(new RingSettings(3, 1, 0.1, 50, 11), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    @Override
    protected Sampler<GeneratorSamplerSettings> sampler() {
        return new GeneratorSampler();
    }

    @Override
    protected GeneratorSamplerSettings settings() {
        return new GeneratorSamplerSettings(7, Layout.POINTS, -1, List.of(), 1);
    }

    @Override
    protected Map<String, Model> models() {
        return models(true);
    }

    private static Map<String, Model> models(boolean labels) {
        return Map.of("model", new Generator().create(new GeneratorSettings(2, 8, 2, labels), RING.dimensions()));
    }

    @Override
    protected Dataset data() {
        return RING;
    }

    private Sample drawn(Map<String, Model> models, GeneratorSamplerSettings settings) {
        try (Bench bench = new Bench(new CpuBackend(1), models, RING, 1);
                Sampling sampling = sampler().prepare(settings, bench)) {
            return sampling.draw(1, "sample/1", (_, _) -> {}).getFirst();
        }
    }

    /** The same noise is the same sample, whatever else is made beside it; on a way through noise samples don't leap. */
    @Test
    void aSampleIsAFunctionOfItsNoiseThatDoesNotLeap() {
        int count = 200;
        float[] noise = new float[2 * count];
        for (int i = 0; i < count; i++) {
            noise[2 * i] = -2 + 4f * i / (count - 1);
            noise[2 * i + 1] = 1 - 2f * i / (count - 1);
        }
        try (Bench bench = new Bench(new CpuBackend(1), models(false), RING, 1);
                Making making = Making.of(new GeneratorSamplerSettings(count, Layout.POINTS, -1, List.of(), 1), bench);
                Making one = Making.of(new GeneratorSamplerSettings(1, Layout.POINTS, -1, List.of(), 1), bench)) {
            float[] made = making.made(noise);
            assertArrayEquals(made, making.made(noise));
            assertArrayEquals(new float[] {made[2], made[3]}, one.made(new float[] {noise[2], noise[3]}), 1e-6f);
            double whole = 0;
            double longest = 0;
            for (int i = 1; i < count; i++) {
                double step = Math.hypot(made[2 * i] - made[2 * i - 2], made[2 * i + 1] - made[2 * i - 1]);
                whole += step;
                longest = Math.max(longest, step);
            }
            assertTrue(whole > 0.1 && longest < whole / 20, "a step of " + longest + " on a way of " + whole);
        }
    }

    @Test
    void classesAreThoseThatAreWanted() {
        Scatter turns = Scatter.of(drawn(models(true), settings()));
        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2, 0}, turns.labels());
        Scatter second =
                Scatter.of(drawn(models(true), new GeneratorSamplerSettings(7, Layout.POINTS, 1, List.of(), 1)));
        assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1}, second.labels());
        // Of the same noise: the class changes what is made, where it is another.
        assertEquals(turns.places()[2], second.places()[2]);
        assertTrue(turns.places()[0] != second.places()[0]);
    }

    @Test
    void aClassThatIsNotThereIsRefused() {
        refused(true, 3, "3 is none of its 3 classes; expected -1 to 2");
        refused(false, 0, "the model is told no classes");
    }

    /** They begin and end where two examples are, and have the class of the first. */
    @Test
    void twoExamplesAreLedToEachOther() {
        GeneratorSamplerSettings between = new GeneratorSamplerSettings(5, Layout.POINTS, -1, List.of(1, 4), 1);
        Scatter way = Scatter.of(drawn(models(true), between));
        Scatter turns = Scatter.of(drawn(models(true), settings()));
        assertArrayEquals(new int[] {1, 1, 1, 1, 1}, way.labels());
        assertEquals(turns.places()[2], way.places()[0], 1e-5f);
        assertEquals(turns.places()[8], way.places()[8], 1e-5f);
        // Of two classes: the last has the noise of the second example, and is what that makes of the class of the
        // first.
        Scatter two =
                Scatter.of(drawn(models(true), new GeneratorSamplerSettings(5, Layout.POINTS, -1, List.of(1, 5), 1)));
        Scatter first =
                Scatter.of(drawn(models(true), new GeneratorSamplerSettings(7, Layout.POINTS, 1, List.of(), 1)));
        assertArrayEquals(new int[] {1, 1, 1, 1, 1}, two.labels());
        assertEquals(first.places()[10], two.places()[8], 1e-5f);
        assertNotEquals(turns.places()[10], two.places()[8], 1e-3f);
        refused("between", new GeneratorSamplerSettings(5, Layout.POINTS, -1, List.of(1), 1));
        refused("between", new GeneratorSamplerSettings(5, Layout.POINTS, -1, List.of(3, 3), 1));
        refused("examples", new GeneratorSamplerSettings(1, Layout.POINTS, -1, List.of(1, 4), 1));
    }

    private void refused(String field, GeneratorSamplerSettings settings) {
        InputError error = assertThrows(InputError.class, () -> drawn(models(false), settings));
        assertEquals(field, error.field(), error::getMessage);
    }

    /** Of a generator that gives its noise back. */
    @Test
    void noiseIsAsFarFromZeroAsIsSaid() {
        Model same = Model.of(
                Layout.POINTS.generator(false),
                new Dimensions(Map.of("latent", 2, "coordinate", 2)),
                List.of(Parameter.of("scale", Initializer.ONES, 1)),
                (weights, inputs, _) -> Map.of(
                        "sample",
                        inputs.get("noise")
                                .mul(weights.get("scale")
                                        .broadcast(inputs.get("noise").shape()))));
        float[] whole = scaled(same, 1);
        float[] half = scaled(same, 0.5);
        assertArrayEquals(new float[14], scaled(same, 0), 0f);
        assertTrue(Math.abs(whole[0]) > 1e-2, "noise of " + whole[0]);
        for (int i = 0; i < whole.length; i++) {
            assertEquals(0.5 * whole[i], half[i], 1e-3);
        }
    }

    private float[] scaled(Model model, double scale) {
        return Scatter.of(drawn(
                        Map.of("model", model), new GeneratorSamplerSettings(7, Layout.POINTS, -1, List.of(), scale)))
                .places();
    }

    private void refused(boolean labels, int label, String why) {
        GeneratorSamplerSettings settings = new GeneratorSamplerSettings(7, Layout.POINTS, label, List.of(), 1);
        InputError error = assertThrows(InputError.class, () -> drawn(models(labels), settings));
        assertTrue(error.getMessage().contains(why), error::getMessage);
    }

    @Test
    void picturesAreAGrid() {
        Model model = new DcganGenerator()
                .create(
                        new DcganGeneratorSettings(3, List.of(2), false),
                        new Dimensions(Map.of("channel", 1, "height", 4, "width", 6)));
        Sample grid = drawn(Map.of("model", model), new GeneratorSamplerSettings(3, Layout.PICTURES, -1, List.of(), 1));
        assertEquals(4, Pictures.of(grid, 4, 6).count());
    }
}
