package org.kolotoc.phase.adversarial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Training;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.model.gan.DcganDiscriminator;
import org.kolotoc.model.gan.DcganDiscriminatorSettings;
import org.kolotoc.model.gan.DcganGenerator;
import org.kolotoc.model.gan.DcganGeneratorSettings;
import org.kolotoc.model.gan.Discriminator;
import org.kolotoc.model.gan.DiscriminatorSettings;
import org.kolotoc.model.gan.Generator;
import org.kolotoc.model.gan.GeneratorSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

/** With all that a game can have: R1 in every second update, two updates of the discriminator in a step, spectral norms, classes. */
class AdversarialPhaseTest extends PhaseConformance<AdversarialSettings> {
    private static final Dataset RING = ring(3);

    private static Dataset ring(int modes) {
        return new RingSource()
                .open(new RingSettings(modes, 1, 0.1, 50, 11), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
    }

    static AdversarialSettings settings(int batch, Loss loss, double r1, int every, double average, double rate) {
        return new AdversarialSettings(
                batch,
                Layout.POINTS,
                loss,
                1,
                r1,
                every,
                2,
                1,
                average,
                rate,
                Math.min(rate, 0.001),
                1,
                2,
                10,
                List.of());
    }

    private static Model generator(boolean labels, Dataset data) {
        return new Generator().create(new GeneratorSettings(3, 8, 1, labels), data.dimensions());
    }

    private static Model discriminator(boolean labels, Dataset data) {
        return new Discriminator().create(new DiscriminatorSettings(8, 1, true, 0, labels), data.dimensions());
    }

    @Override
    protected Phase<AdversarialSettings> phase() {
        return new AdversarialPhase();
    }

    @Override
    protected AdversarialSettings settings() {
        return settings(16, Loss.NON_SATURATING, 0.1, 2, 0.9, 0.01);
    }

    @Override
    protected Stream<AdversarialSettings> otherBatches() {
        return Stream.of(1, 5, 30).map(batch -> settings(batch, Loss.NON_SATURATING, 0.1, 2, 0.9, 0.01));
    }

    @Override
    protected Map<String, Model> models() {
        return models(true);
    }

    private static Map<String, Model> models(boolean labels) {
        return Map.of(
                "generator", generator(labels, RING),
                "discriminator", discriminator(labels, RING),
                "average", generator(labels, RING));
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
    protected Stream<Refused<AdversarialSettings>> refused() {
        return Stream.of(new Refused<>(
                new AdversarialSettings(16, Layout.POINTS, Loss.HINGE, 1, 0, 1, 1, 1, 0, 0.1, 0.2, 1, 0, 0, List.of()),
                "minLearningRate"));
    }

    /** Each loss, without classes and without an average, takes up where it was left. */
    @TestFactory
    Stream<DynamicTest> everyLossGoesOnWithTheSameBits() {
        return Arrays.stream(Loss.values())
                .map(loss -> DynamicTest.dynamicTest(loss.name(), () -> {
                    AdversarialSettings settings = settings(8, loss, loss == Loss.HINGE ? 0.1 : 0, 1, 0, 0.01);
                    BenchState.Snapshot whole = played(settings, 1, 6);
                    BenchState.Snapshot stopped = played(settings, 1, 2, 6);
                    assertEquals("", whole.difference(stopped));
                    assertEquals("", whole.difference(played(settings, 2, 6)), "of two threads");
                }));
    }

    private BenchState.Snapshot played(AdversarialSettings settings, int threads, long... stops) {
        Map<String, Model> models = new HashMap<>(models(false));
        models.remove("average");
        try (Bench bench = new Bench(new CpuBackend(threads), models, RING, 1)) {
            long from = 0;
            for (long to : stops) {
                bench.train(phase(), settings, from, to);
                from = to;
            }
            return bench.state().snapshot();
        }
    }

    private static float[] read(Bench bench, String name) {
        float[] values = new float[bench.state().buffer(name).shape().size()];
        bench.state().buffer(name).read(values);
        return values;
    }

    /** After the first step it is the weights, after the second a known part of both. */
    @Test
    void theAverageFollowsTheGenerator() {
        try (Bench bench = new Bench(backend(), models(), RING, 1)) {
            bench.train(phase(), settings(), 0, 1);
            float[] first = read(bench, "generator/out.weight");
            assertArrayEquals(first, read(bench, "average/out.weight"));
            bench.train(phase(), settings(), 1, 2);
            float[] second = read(bench, "generator/out.weight");
            float[] average = read(bench, "average/out.weight");
            float memory = 2 / 11f;
            for (int i = 0; i < first.length; i++) {
                assertNotEquals(first[i], second[i]);
                assertEquals(memory * first[i] + (1 - memory) * second[i], average[i], 1e-6);
            }
        }
    }

    /** Statistics of the generator are those of its own last batch, though it is asked in every update of the other side too. */
    @Test
    void statisticsAreKeptOnceAnUpdate() {
        Dimensions dimensions = new Dimensions(Map.of("channel", 1, "height", 4, "width", 4));
        Dataset pictures = new Examples(
                dimensions, Map.of("train", new Examples.Part(5).with(Layout.PICTURES.field(), new float[5 * 16])));
        Model generator = new DcganGenerator().create(new DcganGeneratorSettings(2, List.of(3), false), dimensions);
        Map<String, Model> models = Map.of(
                "generator", generator,
                "average", generator,
                "discriminator",
                        new DcganDiscriminator()
                                .create(new DcganDiscriminatorSettings(List.of(3), true, 2, false), dimensions));
        AdversarialSettings settings =
                new AdversarialSettings(4, Layout.PICTURES, Loss.HINGE, 1, 0, 1, 3, 1, 0.9, 0, 0, 1, 0, 0, List.of());
        try (Bench bench = new Bench(backend(), models, pictures, 1)) {
            float[] direction = read(bench, "discriminator/linear.direction");
            bench.train(phase(), settings, 0, 1);
            float[] mean = read(bench, "generator/norm0.mean");
            assertFalse(Arrays.equals(new float[3], mean), "no mean is kept");
            assertArrayEquals(mean, read(bench, "average/norm0.mean"));
            assertFalse(Arrays.equals(direction, read(bench, "discriminator/linear.direction")), "nor a direction");
            // Ones that nine tenths of stay, and a tenth of what small first weights give: kept twice it would be 0.81.
            for (float variance : read(bench, "generator/norm0.variance")) {
                assertTrue(variance >= 0.9f && variance <= 0.91f, "a variance of " + variance);
            }
        }
    }

    /** A generator learns of its discriminator alone: of one that holds everything for the same it learns nothing. */
    @Test
    void aConstantDiscriminatorTeachesNothing() {
        Model constant = Model.of(
                Layout.POINTS.discriminator(false),
                Dimensions.none(),
                List.of(Parameter.of("logit", Initializer.ONES, 1)),
                (weights, inputs, _) -> Map.of(
                        "logit",
                        weights.get("logit")
                                .broadcast(inputs.get("sample").sum(1).shape())));
        Model generator = generator(false, RING);
        for (Loss loss : Loss.values()) {
            try (Bench bench =
                    new Bench(backend(), Map.of("generator", generator, "discriminator", constant), RING, 1)) {
                float[] before = read(bench, "generator/out.weight");
                Map<String, Double> last = bench.train(phase(), settings(8, loss, 0, 1, 0, 0.01), 0, 3);
                assertEquals(0, last.get("gradient/generator"), loss.name());
                assertArrayEquals(before, read(bench, "generator/out.weight"), loss.name());
            }
        }
    }

    /** What is lost of a run in which all samples became one. */
    @Test
    void collapseIsSeenByTheDiversity() {
        Model collapsed = Model.of(
                Layout.POINTS.generator(false),
                new Dimensions(Map.of("latent", 2)),
                List.of(Parameter.of("point", Initializer.ONES, 2)),
                (weights, inputs, _) -> Map.of(
                        "sample",
                        weights.get("point").broadcast(inputs.get("noise").shape())));
        AdversarialSettings settings = settings(8, Loss.HINGE, 0, 1, 0, 0.01);
        for (Model generator : List.of(collapsed, generator(false, RING))) {
            Map<String, Model> models = Map.of("generator", generator, "discriminator", discriminator(false, RING));
            try (Bench bench = new Bench(backend(), models, RING, 1);
                    Training training = phase().prepare(settings, bench)) {
                double diversity = Bench.measured(training::evaluate).get("diversity");
                assertTrue(generator == collapsed ? diversity < 1e-6 : diversity > 0.1, () -> "diversity " + diversity);
            }
        }
    }

    @Test
    void modelsThatDoNotFitAreRefusedByTheirNames() {
        Dataset four = ring(4);
        refused(
                Map.of("generator", generator(true, four), "discriminator", discriminator(true, RING)),
                RING,
                "\"generator\" has 4 of 'class', the model \"discriminator\" 3");
        Model space =
                new Generator().create(new GeneratorSettings(3, 8, 1, false), new Dimensions(Map.of("coordinate", 3)));
        refused(
                Map.of("generator", space, "discriminator", discriminator(false, RING)),
                RING,
                "\"generator\" has 3 of 'coordinate', the model \"discriminator\" 2");
        Dataset unlabelled = new Examples(
                new Dimensions(Map.of("coordinate", 2)),
                Map.of("train", new Examples.Part(3).with(Layout.POINTS.field(), new float[6])));
        refused(
                Map.of("generator", generator(false, RING), "discriminator", discriminator(true, RING)),
                unlabelled,
                "the data has none");
        Map<String, Model> other = new HashMap<>(models(true));
        other.put("average", generator(false, RING));
        try (Bench bench = new Bench(backend(), other, RING, 1)) {
            InputError error = assertThrows(InputError.class, () -> phase().prepare(settings(), bench));
            assertTrue(error.getMessage().contains("other sizes"), error::getMessage);
        }
    }

    private void refused(Map<String, Model> models, Dataset data, String why) {
        try (Bench bench = new Bench(backend(), models, data, 1)) {
            InputError error = assertThrows(
                    InputError.class, () -> phase().prepare(settings(8, Loss.HINGE, 0, 1, 0, 0.01), bench));
            assertTrue(error.getMessage().contains(why), error::getMessage);
            assertFalse(error.getMessage().isBlank());
        }
    }
}
