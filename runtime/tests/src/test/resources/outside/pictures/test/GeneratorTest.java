package pictures;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.ModelFamilyConformance;

class GeneratorTest extends ModelFamilyConformance<Generator.Sizes> {
    protected ModelFamily<Generator.Sizes> family() {
        return new Generator();
    }

    protected Generator.Sizes settings() {
        return new Generator.Sizes(4, 6);
    }

    protected Dimensions dimensions() {
        return Dimensions.of("pixel", 9);
    }

    protected Map<String, Integer> axes() {
        return Map.of("batch", 5, "latent", 4);
    }
}
