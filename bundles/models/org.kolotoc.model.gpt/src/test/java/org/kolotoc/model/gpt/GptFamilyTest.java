package org.kolotoc.model.gpt;

import java.util.stream.Stream;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

class GptFamilyTest extends ModelFamilyConformance<GptSettings> {
    @Override
    protected ModelFamily<GptSettings> family() {
        return new GptFamily();
    }

    @Override
    protected GptSettings settings() {
        return new GptSettings(2, 2, 8, 6, 4, 0, true, true, true);
    }

    @Override
    protected Stream<Refused<GptSettings>> refused() {
        return Stream.of(new Refused<>(new GptSettings(2, 3, 8, 6, 4, 0, true, true, true), "heads"));
    }
}
