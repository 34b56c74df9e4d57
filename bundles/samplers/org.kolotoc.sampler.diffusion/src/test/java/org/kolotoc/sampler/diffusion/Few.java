package org.kolotoc.sampler.diffusion;

import java.nio.file.Path;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.data.points.RingSettings;
import org.kolotoc.data.points.RingSource;
import org.kolotoc.model.diffusion.Denoiser;
import org.kolotoc.model.diffusion.DenoiserSettings;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;

/** Few points, and a small denoiser of them. */
final class Few {
    static final Dataset RING = new RingSource()
            .open(new RingSettings(3, 1, 0.1, 50, 11), new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    private Few() {}

    static Map<String, Model> models(Prediction prediction, boolean labels) {
        return Map.of(
                "model", new Denoiser().create(new DenoiserSettings(8, 1, 12, prediction, labels), RING.dimensions()));
    }
}
