package org.kolotoc.sampler.diffusion;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sampler;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.SamplerConformance;

class DpmSolverSamplerTest extends SamplerConformance<DpmSolverSettings> {
    @Override
    protected Sampler<DpmSolverSettings> sampler() {
        return new DpmSolverSampler();
    }

    @Override
    protected DpmSolverSettings settings() {
        return new DpmSolverSettings(7, Layout.POINTS, 6, 1, List.of(), 0, 0);
    }

    @Override
    protected Map<String, Model> models() {
        return Few.models(Prediction.SAMPLE, true);
    }

    @Override
    protected Dataset data() {
        return Few.RING;
    }
}
