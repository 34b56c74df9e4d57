package pictures;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.SamplerConformance;

class GridTest extends SamplerConformance<Grid.Rows> {
    protected Sampler<Grid.Rows> sampler() {
        return new Grid();
    }

    protected Grid.Rows settings() {
        return new Grid.Rows(3);
    }

    protected Map<String, Model> models() {
        return Map.of("model", new Generator().create(new Generator.Sizes(4, 8), data().dimensions()));
    }

    protected Dataset data() {
        return GlyphsTest.few();
    }
}
