package reversed;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.SamplerConformance;

class GreedyTest extends SamplerConformance<Settings.None> {
    @Override
    protected Sampler<Settings.None> sampler() {
        return new Greedy();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Override
    protected Map<String, Model> models() {
        var rows = new Dimensions(Map.of("vocab", 12, "from", 5, "to", 5));
        return Map.of("model", new Translator().create(new Translator.Sizes(1, 2, 8), rows));
    }
}
