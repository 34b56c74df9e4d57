package org.kolotoc.model.gan;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

class DcganGeneratorTest extends ModelFamilyConformance<DcganGeneratorSettings> {
    @Override
    protected ModelFamily<DcganGeneratorSettings> family() {
        return new DcganGenerator();
    }

    @Override
    protected DcganGeneratorSettings settings() {
        return new DcganGeneratorSettings(5, List.of(4, 3), true);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("latent", 5, "channel", 1, "height", 8, "width", 4, "class", 3));
    }

    @Override
    protected Stream<Refused<DcganGeneratorSettings>> refused() {
        return Stream.of(
                new Refused<>(new DcganGeneratorSettings(3, List.of(4, 3, 2), false), "channels"),
                new Refused<>(new DcganGeneratorSettings(3, List.of(), false), "channels"));
    }
}
