package org.kolotoc.phase.denoise;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.data.pictures.ShapesSettings;
import org.kolotoc.data.pictures.ShapesSource;
import org.kolotoc.model.diffusion.UNet;
import org.kolotoc.model.diffusion.UNetSettings;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Toys;

/** Pictures become noise as points do, and a U-Net tells the velocity. */
class PicturesTest extends PhaseConformance<DenoiseSettings> {
    private static final Dataset SHAPES = new ShapesSource()
            .open(new ShapesSettings(8, 3, 40, 11), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    private static DenoiseSettings settings(int batch) {
        return new DenoiseSettings(
                batch, Layout.PICTURES, DenoiseSettings.Schedule.COSINE, 0.01, 0.4, 0.2, 0.9, 0.01, 0.001, 2, 1);
    }

    private static Model model() {
        return new UNet()
                .create(new UNetSettings(List.of(4, 4), 4, 2, 2, 20, Prediction.VELOCITY, true), SHAPES.dimensions());
    }

    @Override
    protected Phase<DenoiseSettings> phase() {
        return new DenoisePhase();
    }

    @Override
    protected DenoiseSettings settings() {
        return settings(4);
    }

    @Override
    protected Stream<DenoiseSettings> otherBatches() {
        return Stream.of(settings(1), settings(11));
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", model(), "average", model());
    }

    @Override
    protected Set<String> averages() {
        return Set.of("average");
    }

    @Override
    protected long steps() {
        return 12;
    }

    @Override
    protected Dataset data() {
        return SHAPES;
    }
}
