package org.kolotoc.model.diffusion;

import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

class DenoiserTest extends ModelFamilyConformance<DenoiserSettings> {
    @Override
    protected ModelFamily<DenoiserSettings> family() {
        return new Denoiser();
    }

    @Override
    protected DenoiserSettings settings() {
        return new DenoiserSettings(6, 2, 12, Prediction.NOISE, true);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("coordinate", 2, "class", 3));
    }

    @Override
    protected Stream<Refused<DenoiserSettings>> refused() {
        return Stream.of(new Refused<>(new DenoiserSettings(7, 2, 12, Prediction.NOISE, false), "width"));
    }
}
