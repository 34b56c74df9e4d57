package org.kolotoc.phase.adversarial;

import org.kolotoc.api.SideLossFamily;
import org.kolotoc.tck.SideLossConformance;

class ModeSeekingLossTest extends SideLossConformance<ModeSeekingSettings> {
    @Override
    protected SideLossFamily<ModeSeekingSettings> family() {
        return new ModeSeeking();
    }

    @Override
    protected ModeSeekingSettings settings() {
        return new ModeSeekingSettings(2);
    }
}
