package points;

import java.util.List;
import org.kolotoc.api.*;
import org.kolotoc.tck.MetricConformance;

class OnRingTest extends MetricConformance<Settings.None> {
    protected Metric<Settings.None> metric() {
        return new OnRing();
    }

    protected Settings.None settings() {
        return new Settings.None();
    }

    protected String id() {
        return "on-ring";
    }

    protected Dataset data() {
        return RingTest.few();
    }

    protected List<Sample> high() {
        return List.of(heldOut().svg());
    }

    protected List<Sample> low() {
        return List.of(heldOut().shuffled(1).svg(), heldOut().constant().svg());
    }

    private Points heldOut() {
        return Points.of(data().first("validation", 40));
    }
}
