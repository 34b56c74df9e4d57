package reversed;

import java.util.*;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.tck.PhaseConformance;

class TranslationTest extends PhaseConformance<Translation.Plan> {
    @Override
    protected Phase<Translation.Plan> phase() {
        return new Translation();
    }

    @Override
    protected Translation.Plan settings() {
        return new Translation.Plan(4, 0.01);
    }

    @Override
    protected Stream<Translation.Plan> otherBatches() {
        return Stream.of(new Translation.Plan(7, 0.01), new Translation.Plan(120, 0.01));
    }

    @Override
    protected Dataset data() {
        return new Digits().open(new Digits.Rows(3), null);
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", new Translator().create(new Translator.Sizes(1, 2, 8), data().dimensions()));
    }
}
