package org.kolotoc.model.gan;

import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

/** Data without classes will do. */
class UnlabelledGeneratorTest extends ModelFamilyConformance<GeneratorSettings> {
    @Override
    protected ModelFamily<GeneratorSettings> family() {
        return new Generator();
    }

    @Override
    protected GeneratorSettings settings() {
        return new GeneratorSettings(2, 5, 1, false);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("latent", 2, "coordinate", 3));
    }
}
