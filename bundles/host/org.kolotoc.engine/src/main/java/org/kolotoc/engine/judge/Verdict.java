package org.kolotoc.engine.judge;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.Timeline;

/**
 * Criteria held against the evidence of a run, and against evidence that must not pass.
 *
 * @param findings of the run itself
 * @param refused for each control the criterion that refused it; empty where none did
 * @param alarms what measures of the run say, whatever is asked of them
 */
public record Verdict(List<Finding> findings, Map<String, Optional<String>> refused, List<Alarm> alarms) {

    /**
     * One criterion with what was measured.
     *
     * @param noNumber why the value is none, where the criterion makes one of several measures
     * @param series the measure at every evaluation, where the criterion asks for a trend
     */
    public record Finding(Criterion criterion, Optional<Double> value, Optional<String> noNumber, List<Double> series) {
        public boolean holds() {
            return value.isPresent() && criterion.holds(value.get()) && criterion.holds(series);
        }

        /** {@code 0.2500}, {@code not measured} or why it is no number. */
        private String shown() {
            return noNumber.map(why -> "no number: " + why)
                    .orElseGet(() -> value.map(v -> String.format(Locale.ROOT, "%.4f", v))
                            .orElse("not measured"));
        }

        private boolean differs(Finding other) {
            return !value.equals(other.value) || !series.equals(other.series);
        }
    }

    /** What the last value of a measure says. */
    public record Alarm(String metric, double value, String saying) {
        private String shown() {
            return String.format(Locale.ROOT, "%s %.4f", metric, value);
        }
    }

    /** {@code met}, {@code not met}; {@code void} when met by the run and a control; {@code none} without criteria. */
    public enum Outcome {
        MET,
        NOT_MET,
        VOID,
        NONE;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * Judges a run and its controls by the same criteria. A control is refused only by a criterion that sees something
     * else in it than in the run: what the run itself misses says nothing about the control.
     */
    public static Verdict of(
            List<Criterion> criteria, Timeline timeline, Evidence run, Map<String, Evidence> controls) {
        List<Finding> own = findings(criteria, timeline, run);
        Map<String, Optional<String>> refused = new LinkedHashMap<>();
        controls.forEach((name, evidence) -> {
            List<Finding> others = findings(criteria, timeline, evidence);
            refused.put(
                    name,
                    IntStream.range(0, others.size())
                            .filter(i -> !others.get(i).holds() && others.get(i).differs(own.get(i)))
                            .mapToObj(others::get)
                            .map(finding -> finding.criterion().text() + " (" + finding.shown() + ")")
                            .findFirst());
        });
        return new Verdict(own, refused, List.of());
    }

    /** The same with what measures of the run say by themselves. */
    public Verdict with(List<Measure> declared, Evidence run) {
        List<Alarm> alarms = new ArrayList<>();
        for (Measure measure : declared) {
            run.value(measure.name(), -1)
                    .filter(value ->
                            measure.alarm() != null && value <= measure.alarm().most())
                    .ifPresent(value -> alarms.add(
                            new Alarm(measure.name(), value, measure.alarm().saying())));
        }
        return new Verdict(findings, refused, List.copyOf(alarms));
    }

    private static List<Finding> findings(List<Criterion> criteria, Timeline timeline, Evidence evidence) {
        Function<Criterion.Reading, Optional<Double>> measured =
                reading -> evidence.value(reading.metric(), reading.at() == null ? -1 : timeline.step(reading.at()));
        return criteria.stream()
                .map(criterion -> new Finding(
                        criterion,
                        criterion.value(measured),
                        criterion.whyNoNumber(measured),
                        criterion.trend() == Criterion.Trend.ANY ? List.of() : evidence.series(criterion.metric())))
                .toList();
    }

    public Outcome outcome() {
        if (findings.isEmpty()) {
            return Outcome.NONE;
        }
        if (!findings.stream().allMatch(Finding::holds)) {
            return Outcome.NOT_MET;
        }
        return refused.values().stream().allMatch(Optional::isPresent) ? Outcome.MET : Outcome.VOID;
    }

    /** Whether any criterion has a number to be held against. */
    private boolean isMeasured() {
        return findings.stream().anyMatch(finding -> finding.value().isPresent());
    }

    /** A table for people. */
    public String table() {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            lines.add(String.format(
                    "  %-4s %-44s %s",
                    finding.holds() ? "ok" : "FAIL", finding.criterion().text(), finding.shown()));
        }
        refused.forEach((name, by) -> lines.add(String.format(
                "  %-4s control «%s» %s",
                by.isPresent() ? "ok" : "VOID",
                name,
                by.map(criterion -> "is refused by " + criterion)
                        .orElse(
                                isMeasured()
                                        ? "passes all criteria that see it: they prove nothing"
                                        : "is not judged: nothing was measured"))));
        alarms.forEach(alarm -> lines.add(String.format("  %-4s %-44s %s", "!", alarm.saying(), alarm.shown())));
        lines.add("verdict: " + outcome().label());
        return String.join("\n", lines);
    }

    /** {@code verdict.json}. */
    public JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("schema", "kolotoc.verdict/1");
        json.addProperty("verdict", outcome().label());
        JsonArray list = new JsonArray();
        for (Finding finding : findings) {
            JsonObject entry = new JsonObject();
            entry.addProperty("criterion", finding.criterion().text());
            entry.add(
                    "value",
                    finding.value()
                            .filter(Double::isFinite)
                            .<com.google.gson.JsonElement>map(JsonPrimitive::new)
                            .orElse(JsonNull.INSTANCE));
            finding.noNumber().ifPresent(why -> entry.addProperty("noNumber", why));
            entry.addProperty("measured", finding.value().isPresent());
            entry.addProperty("holds", finding.holds());
            list.add(entry);
        }
        json.add("criteria", list);
        JsonObject controls = new JsonObject();
        refused.forEach((name, by) -> controls.add(
                name, by.<com.google.gson.JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE)));
        json.add("controlsRefusedBy", controls);
        JsonArray said = new JsonArray();
        alarms.forEach(alarm -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("metric", alarm.metric());
            entry.addProperty("value", alarm.value());
            entry.addProperty("says", alarm.saying());
            said.add(entry);
        });
        json.add("alarms", said);
        return json;
    }
}
