package reversed;

import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.*;
import org.kolotoc.tck.*;

class TranslatorTest extends ModelFamilyConformance<Translator.Sizes> {
    @Override
    protected ModelFamily<Translator.Sizes> family() {
        return new Translator();
    }

    @Override
    protected Translator.Sizes settings() {
        return new Translator.Sizes(1, 2, 4);
    }

    @Override
    protected Dimensions dimensions() {
        return new Dimensions(Map.of("vocab", 7, "from", 5, "to", 4));
    }

    @Override
    protected Stream<Refused<Translator.Sizes>> refused() {
        return Stream.of(new Refused<>(new Translator.Sizes(1, 3, 8), "heads"));
    }
}
