package org.kolotoc.engine.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.TestFramework;
import org.osgi.framework.Bundle;

/** Who may be at fault for what a plugin does is looked for among the bundles in the order in which they were chosen. */
final class LeasesTest {
    private static final List<String> NAMES = List.of("fir", "oak", "ash", "elm", "yew", "bay", "box", "fig", "tea");

    @Test
    void bundlesComeAsTheyWereChosen() {
        TestFramework framework = new TestFramework();
        NAMES.forEach(name -> framework.seat(Seat.MODEL, name, new LeasesTest()));
        Map<SeatName, Bundle> chosen = new LinkedHashMap<>();
        for (Bundle bundle : framework.context().getBundles()) {
            chosen.put(new SeatName(Seat.MODEL, bundle.getSymbolicName()), bundle);
        }
        List<Bundle> bundles = List.copyOf(chosen.values());
        Leases leases = new Leases(chosen);
        assertEquals(bundles, List.copyOf(leases.all()));
        assertEquals(bundles, List.copyOf(Leases.free().and(leases).all()));
    }
}
