package org.kolotoc.model.gan;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;

class PlainDcganDiscriminatorTest extends ModelFamilyConformance<DcganDiscriminatorSettings> {
    @Override
    protected ModelFamily<DcganDiscriminatorSettings> family() {
        return new DcganDiscriminator();
    }

    @Override
    protected DcganDiscriminatorSettings settings() {
        return new DcganDiscriminatorSettings(List.of(3), false, 0, false);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("channel", 3, "height", 6, "width", 4));
    }
}
