package org.kolotoc.model.gan;

import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

class PlainDiscriminatorTest extends ModelFamilyConformance<DiscriminatorSettings> {
    @Override
    protected ModelFamily<DiscriminatorSettings> family() {
        return new Discriminator();
    }

    @Override
    protected DiscriminatorSettings settings() {
        return new DiscriminatorSettings(5, 1, false, 0, false);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("coordinate", 3));
    }
}
