package org.kolotoc.sampler.diffusion;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sampler;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.SamplerConformance;

class DdimSamplerTest extends SamplerConformance<DdimSettings> {
    @Override
    protected Sampler<DdimSettings> sampler() {
        return new DdimSampler();
    }

    @Override
    protected DdimSettings settings() {
        return new DdimSettings(7, Layout.POINTS, 5, 0.5, -1, List.of(), 1, 0);
    }

    @Override
    protected Map<String, Model> models() {
        return Few.models(Prediction.VELOCITY, false);
    }

    @Override
    protected Dataset data() {
        return Few.RING;
    }
}
