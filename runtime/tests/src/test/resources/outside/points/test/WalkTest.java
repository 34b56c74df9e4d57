package points;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.SamplerConformance;

class WalkTest extends SamplerConformance<Walk.Way> {
    protected Sampler<Walk.Way> sampler() {
        return new Walk();
    }

    protected Walk.Way settings() {
        return new Walk.Way(12, 5, 0.5);
    }

    protected Map<String, Model> models() {
        return Map.of("model", new Denoiser().create(new Denoiser.Sizes(8), data().dimensions()));
    }

    protected Dataset data() {
        return RingTest.few();
    }
}
