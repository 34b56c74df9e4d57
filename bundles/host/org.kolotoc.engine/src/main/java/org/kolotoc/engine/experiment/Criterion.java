package org.kolotoc.engine.experiment;

import java.util.List;
import java.util.Locale;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** A bound that a measure has to keep, or a way it has to go. */
public record Criterion(
        @Help("name of the measure: loss/validation, word-rate")
        String metric,

        @Help("when it was measured: 250, \"finetune:20\", \"finetune:end\"; the last time if not given")
        @Default("null")
        Moment at,

        @Help("older way to say at; -1 for the last time") @Range(min = -1) @Default("-1")
        long step,

        @Help("at least this") @Default("-1e300") double min,
        @Help("at most this") @Default("1e300") double max,

        @Help("how it has to go from one evaluation to the next: any, falling, rising (strictly)") @Default("\"any\"")
        Trend trend) {

    private static final double OPEN = 1e300;

    /** How a measure has to go over a run. */
    public enum Trend {
        ANY,
        FALLING,
        RISING
    }

    /** Bounds alone. */
    public Criterion(String metric, long step, double min, double max) {
        this(metric, null, step, min, max, Trend.ANY);
    }

    /** When it was measured. */
    public Moment moment() {
        return at == null ? Moment.of(step) : at;
    }

    /** Whether it is held against what was measured last, whenever that was. */
    public boolean last() {
        return at == null && step < 0;
    }

    /** {@code loss/validation at 250 <= 2.55}. */
    public String text() {
        String when = last() ? "" : " at " + moment();
        String low = min > -OPEN ? number(min) + " <= " : "";
        String high = max < OPEN ? " <= " + number(max) : "";
        String way = trend == Trend.ANY ? "" : " " + trend.name().toLowerCase(Locale.ROOT);
        return low + metric + when + way + high;
    }

    /** Whether values of successive evaluations go the way they have to; fewer than two go none. */
    public boolean holds(List<Double> series) {
        for (int i = 1; i < series.size(); i++) {
            int way = Double.compare(series.get(i), series.get(i - 1));
            if (trend == Trend.FALLING && way >= 0 || trend == Trend.RISING && way <= 0) {
                return false;
            }
        }
        return trend == Trend.ANY || series.size() > 1;
    }

    /** NaN keeps no bound. */
    public boolean holds(double value) {
        return value >= min && value <= max;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%s", value);
    }
}
