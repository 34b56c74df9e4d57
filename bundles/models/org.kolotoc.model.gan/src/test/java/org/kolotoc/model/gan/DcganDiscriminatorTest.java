package org.kolotoc.model.gan;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

/** With all that it can see. */
class DcganDiscriminatorTest extends ModelFamilyConformance<DcganDiscriminatorSettings> {
    @Override
    protected ModelFamily<DcganDiscriminatorSettings> family() {
        return new DcganDiscriminator();
    }

    @Override
    protected DcganDiscriminatorSettings settings() {
        return new DcganDiscriminatorSettings(List.of(2, 4), true, 2, true);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("channel", 1, "height", 8, "width", 4, "class", 3));
    }

    @Override
    protected Stream<Refused<DcganDiscriminatorSettings>> refused() {
        return Stream.of(new Refused<>(new DcganDiscriminatorSettings(List.of(4, 3, 2), false, 0, false), "channels"));
    }
}
