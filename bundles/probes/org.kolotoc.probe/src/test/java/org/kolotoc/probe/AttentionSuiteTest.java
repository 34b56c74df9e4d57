package org.kolotoc.probe;

import org.kolotoc.api.probe.Probe;
import org.kolotoc.tck.ProbeConformance;

class AttentionSuiteTest extends ProbeConformance<Attention.Maps> {
    @Override
    protected Probe<Attention.Maps> probe() {
        return new Attention();
    }

    @Override
    protected Attention.Maps settings() {
        return new Attention.Maps(2);
    }
}
