package org.kolotoc.phase.adversarial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.model.gan.DcganDiscriminator;
import org.kolotoc.model.gan.DcganDiscriminatorSettings;
import org.kolotoc.model.gan.DcganGenerator;
import org.kolotoc.model.gan.DcganGeneratorSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;

/** Two DCGANs, with batch norms and spectral norms, groups, classes and lazy R1. */
class DcganPhaseTest extends PhaseConformance<AdversarialSettings> {
    private static final int SIDE = 8;
    private static final int CLASSES = 3;
    private static final Dimensions DIMENSIONS =
            new Dimensions(Map.of("channel", 1, "height", SIDE, "width", SIDE, "class", CLASSES));
    private static final Dataset STRIPES =
            new Examples(DIMENSIONS, Map.of("train", stripes(24), "validation", stripes(9)));

    /** Pictures of stripes, as many classes as there are widths of them. */
    private static Examples.Part stripes(int count) {
        float[] pixels = new float[count * SIDE * SIDE];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % CLASSES;
            for (int at = 0; at < SIDE * SIDE; at++) {
                pixels[i * SIDE * SIDE + at] = (float) Math.sin((1 + labels[i]) * (at % SIDE) + i);
            }
        }
        return new Examples.Part(count).with(Layout.PICTURES.field(), pixels).with("i32 label[batch]", labels);
    }

    private static AdversarialSettings settings(int batch) {
        return new AdversarialSettings(
                batch, Layout.PICTURES, Loss.NON_SATURATING, 0, 0.1, 2, 1, 1, 0.9, 0.005, 0.005, 1, 0, 1, List.of());
    }

    @Override
    protected Phase<AdversarialSettings> phase() {
        return new AdversarialPhase();
    }

    @Override
    protected AdversarialSettings settings() {
        return settings(6);
    }

    @Override
    protected Stream<AdversarialSettings> otherBatches() {
        return Stream.of(2, 4, 10).map(DcganPhaseTest::settings);
    }

    @Override
    protected Stream<Refused<AdversarialSettings>> refused() {
        return Stream.of(new Refused<>(settings(5), "batch"));
    }

    @Override
    protected Map<String, Model> models() {
        Model generator = new DcganGenerator().create(new DcganGeneratorSettings(4, List.of(6, 4), true), DIMENSIONS);
        Model discriminator = new DcganDiscriminator()
                .create(new DcganDiscriminatorSettings(List.of(4, 6), true, 2, true), DIMENSIONS);
        return Map.of("generator", generator, "average", generator, "discriminator", discriminator);
    }

    @Override
    protected Set<String> averages() {
        return Set.of("average");
    }

    @Override
    protected Dataset data() {
        return STRIPES;
    }

    /** As vector code, stopped and gone on with more threads too. */
    @Test
    void oneThreadGivesTheBitsOfTwo() {
        BenchState.Snapshot one = played(1, 6);
        assertEquals("", one.difference(played(2, 6)));
        assertEquals("", one.difference(played(2, 3, 6)), "taken up by another");
    }

    private BenchState.Snapshot played(int threads, long... stops) {
        try (Bench bench = new Bench(new CpuBackend(threads), models(), STRIPES, 1)) {
            long from = 0;
            for (long to : stops) {
                bench.train(phase(), settings(16), from, to);
                from = to;
            }
            return bench.state().snapshot();
        }
    }
}
