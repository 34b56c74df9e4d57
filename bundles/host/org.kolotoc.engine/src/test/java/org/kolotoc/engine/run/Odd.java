package org.kolotoc.engine.run;

import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;

/** A judge whose measures are no numbers that JSON has. */
final class Odd implements Metric<Odd.None> {
    record None() {}

    @Override
    public Class<None> settings() {
        return None.class;
    }

    @Override
    public List<Measure> measures(None settings) {
        return List.of(
                Measure.evaluation("odd", "", Measure.Better.LOWER),
                Measure.evaluation("odd/\"least\" \u00e4", "", Measure.Better.LOWER),
                Measure.evaluation("odd/most", "", Measure.Better.LOWER));
    }

    @Override
    public void measure(None settings, List<Sample> samples, ProgramContext context, Measurements out) {
        out.put("odd", Double.NaN);
        out.put("odd/\"least\" \u00e4", Double.NEGATIVE_INFINITY);
        out.put("odd/most", Double.POSITIVE_INFINITY);
    }
}
