package org.kolotoc.optimizer;

import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.tck.OptimizerConformance;

class AdamWTest extends OptimizerConformance<AdamWSettings> {
    @Override
    protected OptimizerFamily<AdamWSettings> family() {
        return new AdamWFamily();
    }

    @Override
    protected AdamWSettings settings() {
        return new AdamWSettings(0.1, 0.9, 0.99, 1e-8);
    }

    @Override
    protected AdamWSettings withoutDecay() {
        return new AdamWSettings(0, 0.9, 0.99, 1e-8);
    }
}
