package org.kolotoc.model.diffusion;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.ModelFamilyConformance;

/** Data without classes will do, so do colours and one level, and the output is named by what it tells. */
class UnlabelledUNetTest extends ModelFamilyConformance<UNetSettings> {
    @Override
    protected ModelFamily<UNetSettings> family() {
        return new UNet();
    }

    @Override
    protected UNetSettings settings() {
        return new UNetSettings(List.of(4), 2, 4, 2, 5, Prediction.VELOCITY, false);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("channel", 3, "height", 3, "width", 2));
    }
}
