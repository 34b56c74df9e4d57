package points;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tck.PhaseConformance;

class DenoiseTest extends PhaseConformance<Denoise.Plan> {
    protected Phase<Denoise.Plan> phase() {
        return new Denoise();
    }

    protected Denoise.Plan settings() {
        return new Denoise.Plan(16, 0.01, 0.2);
    }

    protected Map<String, Model> models() {
        return Map.of("model", new Denoiser().create(new Denoiser.Sizes(8), data().dimensions()));
    }

    protected Dataset data() {
        return RingTest.few();
    }
}
