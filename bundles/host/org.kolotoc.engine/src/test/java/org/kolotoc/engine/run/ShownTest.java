package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;

/** What the line of progress shows is what the phase says is most telling, whatever it is called. */
final class ShownTest {
    private static final Shown SHOWN = Shown.of(List.of(
            Measure.evaluation("fid", "", Better.LOWER),
            Measure.step("generator/rate", "", Better.NEITHER),
            Measure.step("wasserstein", "", Better.HIGHER),
            Measure.step("penalty", "", Better.LOWER),
            Measure.work("pictures", "pictures")));

    @Test
    void theFirstMeasureOfAStepThatCanGetBetter() {
        assertEquals("wasserstein 0.5000", SHOWN.headline(Map.of("penalty", 1.0, "wasserstein", 0.5)));
        assertEquals("", SHOWN.headline(Map.of("penalty", 1.0)));
    }

    @Test
    void workASecond() {
        assertEquals(64, SHOWN.work(Map.of("pictures", 64.0)));
        assertEquals("640 pictures/s", SHOWN.rate(640.2));
        assertEquals("12k pictures/s", SHOWN.rate(12_345));
        assertEquals("", SHOWN.rate(0));
        assertEquals(Map.of("fid", 3.0), SHOWN.withoutWork(Map.of("pictures", 64.0, "fid", 3.0)));
    }

    @Test
    void aPhaseThatDeclaresNothingShowsNothing() {
        Shown none = Shown.of(List.of());
        assertEquals("", none.headline(Map.of("loss/train", 1.0)) + none.rate(5));
        assertEquals(0, none.work(Map.of("tokens", 3.0)));
    }
}
