package org.kolotoc.model.gan;

import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

class GeneratorTest extends ModelFamilyConformance<GeneratorSettings> {
    @Override
    protected ModelFamily<GeneratorSettings> family() {
        return new Generator();
    }

    @Override
    protected GeneratorSettings settings() {
        return new GeneratorSettings(3, 6, 2, true);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("latent", 3, "coordinate", 2, "class", 3));
    }
}
