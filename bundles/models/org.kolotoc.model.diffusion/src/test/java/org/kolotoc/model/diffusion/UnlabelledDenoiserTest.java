package org.kolotoc.model.diffusion;

import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.ModelFamilyConformance;

/** Data without classes will do, and the output is named by what it tells. */
class UnlabelledDenoiserTest extends ModelFamilyConformance<DenoiserSettings> {
    @Override
    protected ModelFamily<DenoiserSettings> family() {
        return new Denoiser();
    }

    @Override
    protected DenoiserSettings settings() {
        return new DenoiserSettings(4, 1, 5, Prediction.VELOCITY, false);
    }

    @Override
    protected Dimensions dimensions() {
        return Dimensions.of("coordinate", 3);
    }
}
