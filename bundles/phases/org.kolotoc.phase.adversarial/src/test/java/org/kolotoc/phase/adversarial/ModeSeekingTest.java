package org.kolotoc.phase.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.SideLoss;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.model.gan.Discriminator;
import org.kolotoc.model.gan.DiscriminatorSettings;
import org.kolotoc.model.gan.Generator;
import org.kolotoc.model.gan.GeneratorSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** A phase with a side loss is one as any other. */
class ModeSeekingTest extends PhaseConformance<AdversarialSettings> {
    private static final Dataset RING = new RingSource()
            .open(new RingSettings(3, 1, 0.1, 50, 11), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    private static AdversarialSettings settings(int batch, double weight) {
        SideLoss loss = new ModeSeeking().create(new ModeSeekingSettings(weight));
        return new AdversarialSettings(
                batch, Layout.POINTS, Loss.HINGE, 1, 0, 1, 1, 2, 0, 0.01, 0.01, 1, 0, 1, List.of(loss, loss));
    }

    @Override
    protected Phase<AdversarialSettings> phase() {
        return new AdversarialPhase();
    }

    @Override
    protected AdversarialSettings settings() {
        return settings(9, 0.5);
    }

    /** Whose discriminator compares three samples: eleven are held out. */
    @Override
    protected Stream<AdversarialSettings> otherBatches() {
        return Stream.of(3, 6, 30).map(batch -> settings(batch, 0.5));
    }

    @Override
    protected String falling() {
        return "loss/side";
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of(
                "generator", new Generator().create(new GeneratorSettings(2, 8, 1, true), RING.dimensions()),
                "discriminator",
                        new Discriminator().create(new DiscriminatorSettings(8, 1, false, 3, true), RING.dimensions()));
    }

    @Override
    protected Dataset data() {
        return RING;
    }

    @Override
    protected Stream<Refused<AdversarialSettings>> refused() {
        return Stream.of(new Refused<>(settings(1, 1), "batch"), new Refused<>(settings(8, 1), "batch"));
    }

    /** Noise is 3 and 1 apart, samples 2 and 4; the second pair is of two classes. */
    @Test
    void theRatioIsThatOfPairsOfOneClass() {
        assertEquals(2 * (3 + 1) / (2.0 + 4), ratio(false), 1e-4);
        assertEquals(2 * 3 / 2.0, ratio(true), 1e-4);
    }

    private static double ratio(boolean labelled) {
        Tracer tracer = new Tracer();
        Tensor noise = tracer.constant(new float[] {0, 5, 3, 6}, Shape.of(4, 1));
        Tensor made = tracer.constant(new float[] {1, 1, 0, 1, 3, 3, 4, 5}, Shape.of(4, 2));
        Tensor label = tracer.constant(new int[] {1, 0, 1, 2}, Shape.of(4));
        Map<String, Tensor> inputs = labelled ? Map.of("noise", noise, "label", label) : Map.of("noise", noise);
        tracer.output(
                "loss",
                new ModeSeeking()
                        .create(new ModeSeekingSettings(2))
                        .of(new SideLoss.Use(inputs, Map.of("sample", made), Map.of())));
        try (Bench bench = Bench.of(Toys.unsuitable(), null, 1);
                BoundProgram program = bench.prepare("loss", tracer.program())) {
            program.run();
            return program.scalar("loss");
        }
    }
}
