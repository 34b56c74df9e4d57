package org.kolotoc.engine.experiment;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** A bound that a measure has to keep. */
public record Criterion(
        @Help("name of the measure: loss/validation, word-rate")
        String metric,

        @Help("after how many steps it was measured; -1 for the last time") @Range(min = -1) @Default("-1")
        long step,

        @Help("at least this") @Default("-1e300") double min,
        @Help("at most this") @Default("1e300") double max) {

    private static final double OPEN = 1e300;

    /** {@code loss/validation at 250 <= 2.55}. */
    public String text() {
        String when = step < 0 ? "" : " at " + step;
        String low = min > -OPEN ? number(min) + " <= " : "";
        String high = max < OPEN ? " <= " + number(max) : "";
        return low + metric + when + high;
    }

    /** NaN keeps no bound. */
    public boolean holds(double value) {
        return value >= min && value <= max;
    }

    private static String number(double value) {
        return String.format(java.util.Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%s", value);
    }
}
