package org.kolotoc.probe;

import org.kolotoc.api.Settings;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.tck.ProbeConformance;

class UpdateRatioSuiteTest extends ProbeConformance<Settings.None> {
    @Override
    protected Probe<Settings.None> probe() {
        return new UpdateRatio();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }
}
