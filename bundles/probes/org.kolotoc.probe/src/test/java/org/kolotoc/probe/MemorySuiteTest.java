package org.kolotoc.probe;

import org.kolotoc.api.Settings;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.tck.ProbeConformance;

class MemorySuiteTest extends ProbeConformance<Settings.None> {
    @Override
    protected Probe<Settings.None> probe() {
        return new Memory();
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Override
    protected boolean readsValues() {
        return false;
    }
}
