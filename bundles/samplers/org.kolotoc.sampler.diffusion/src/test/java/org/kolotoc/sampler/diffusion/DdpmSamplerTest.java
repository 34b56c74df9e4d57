package org.kolotoc.sampler.diffusion;

import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sampler;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.SamplerConformance;

class DdpmSamplerTest extends SamplerConformance<DdpmSettings> {
    @Override
    protected Sampler<DdpmSettings> sampler() {
        return new DdpmSampler();
    }

    @Override
    protected DdpmSettings settings() {
        return new DdpmSettings(7, Layout.POINTS, -1, 2, 3);
    }

    @Override
    protected Map<String, Model> models() {
        return Few.models(Prediction.NOISE, true);
    }

    @Override
    protected Dataset data() {
        return Few.RING;
    }
}
