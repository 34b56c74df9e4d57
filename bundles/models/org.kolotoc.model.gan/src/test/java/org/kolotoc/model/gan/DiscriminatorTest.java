package org.kolotoc.model.gan;

import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

/** With all that it can see. */
class DiscriminatorTest extends ModelFamilyConformance<DiscriminatorSettings> {
    @Override
    protected ModelFamily<DiscriminatorSettings> family() {
        return new Discriminator();
    }

    @Override
    protected DiscriminatorSettings settings() {
        return new DiscriminatorSettings(6, 2, true, 2, true);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("coordinate", 2, "class", 3));
    }
}
