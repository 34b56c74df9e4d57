package org.kolotoc.engine.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
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
        Trend trend,

        @Help("what is taken from it before it is held against min and max: {\"metric\": \"accuracy/validation\","
                + " \"at\": \"finetune:end\"}")
        @Default("null")
        Reading minus,

        @Help("what it is divided by before it is held against min and max, likewise") @Default("null")
        Reading over) {

    private static final double OPEN = 1e300;

    /** How a measure has to go over a run. */
    public enum Trend {
        ANY,
        FALLING,
        RISING
    }

    /** Bounds alone. */
    public Criterion(String metric, long step, double min, double max) {
        this(metric, null, step, min, max, Trend.ANY, null, null);
    }

    /**
     * A measure at some moment.
     *
     * @param at null for the last time, whenever that was
     */
    public record Reading(
            @Help("name of the measure") String metric,

            @Help("when it was measured; the last time if not given") @Default("null")
            Moment at) {
        /** {@code loss/validation at 250}. */
        public String text() {
            return at == null ? metric : metric + " at " + at;
        }
    }

    /** What it reads, by its place in the criterion: that of its own fields is empty. */
    public Map<String, Reading> readings() {
        Map<String, Reading> readings = new LinkedHashMap<>();
        readings.put("", new Reading(metric, at == null && step >= 0 ? Moment.of(step) : at));
        if (minus != null) {
            readings.put(".minus", minus);
        }
        if (over != null) {
            readings.put(".over", over);
        }
        return readings;
    }

    /**
     * What the bounds are held against: NaN where a quotient is no number.
     *
     * @param measured what a reading is; empty where there was none
     */
    public Optional<Double> value(Function<Reading, Optional<Double>> measured) {
        Map<String, Reading> readings = readings();
        Optional<Double> value = measured.apply(readings.remove(""));
        for (Map.Entry<String, Reading> other : readings.entrySet()) {
            boolean difference = other.getKey().equals(".minus");
            value = value.flatMap(first -> measured.apply(other.getValue())
                    .map(second -> difference ? first - second : second == 0 ? Double.NaN : first / second));
        }
        return value;
    }

    /**
     * Why there is no number to hold bounds against, with every measure that it is made of: {@code loss/validation is 0.5, and
     * loss/validation at 0 is 0}. Nothing where there is one, or one measure alone, which shows by itself.
     *
     * @param measured see {@link #value}
     */
    public Optional<String> whyNoNumber(Function<Reading, Optional<Double>> measured) {
        return value(measured)
                .filter(value -> value.isNaN() && readings().size() > 1)
                .map(_ -> readings().values().stream()
                        .map(reading -> reading.text() + " is "
                                + number(measured.apply(reading).orElseThrow()))
                        .collect(Collectors.joining(", and ")));
    }

    /** {@code loss/validation at 250 <= 2.55}. */
    public String text() {
        String less = minus == null ? "" : " - " + minus.text();
        String ratio = over == null ? "" : " / " + over.text();
        String low = min > -OPEN ? number(min) + " <= " : "";
        String high = max < OPEN ? " <= " + number(max) : "";
        String way = trend == Trend.ANY ? "" : " " + trend.name().toLowerCase(Locale.ROOT);
        return low + readings().get("").text() + less + ratio + way + high;
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
