package org.kolotoc.optimizer;

import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.tck.OptimizerConformance;

class SgdTest extends OptimizerConformance<SgdSettings> {
    @Override
    protected OptimizerFamily<SgdSettings> family() {
        return new SgdFamily();
    }

    @Override
    protected SgdSettings settings() {
        return new SgdSettings(0.9);
    }
}
