package points;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.ModelFamilyConformance;

class DenoiserTest extends ModelFamilyConformance<Denoiser.Sizes> {
    protected ModelFamily<Denoiser.Sizes> family() {
        return new Denoiser();
    }

    protected Denoiser.Sizes settings() {
        return new Denoiser.Sizes(6);
    }

    protected Dimensions dimensions() {
        return new Dimensions(Map.of("coordinate", 2, "kind", 3));
    }
}
