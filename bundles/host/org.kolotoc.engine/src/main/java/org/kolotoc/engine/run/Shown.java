package org.kolotoc.engine.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.check.Costs;

/**
 * What of a phase's measures the line of progress has room for.
 *
 * @param headline the first of a step that has a way to get better
 * @param work the first amount of work
 * @param measures all of them
 */
record Shown(Optional<Measure> headline, Optional<Measure> work, List<Measure> measures) {
    private static final double THOUSANDS = 10_000;

    static Shown of(List<Measure> measures) {
        return new Shown(
                measures.stream()
                        .filter(measure ->
                                measure.taken() == Measure.Taken.STEP && measure.better() != Measure.Better.NEITHER)
                        .findFirst(),
                measures.stream()
                        .filter(measure -> measure.taken() == Measure.Taken.WORK)
                        .findFirst(),
                measures);
    }

    /** {@code loss/train 2.3026}, or nothing. */
    String headline(Map<String, Double> values) {
        return headline.filter(measure -> values.containsKey(measure.name()))
                .map(measure -> String.format(Locale.ROOT, "%s %.4f", measure.name(), values.get(measure.name())))
                .orElse("");
    }

    /** How much was worked on; 0 when nobody counts it. */
    double work(Map<String, Double> values) {
        return work.map(measure -> values.getOrDefault(measure.name(), 0.0)).orElse(0.0);
    }

    /** {@code 120k tokens/s}, or nothing. */
    String rate(double aSecond) {
        return work.filter(_ -> aSecond > 0)
                .map(measure -> (aSecond >= THOUSANDS ? Math.round(aSecond / 1000) + "k" : "" + Math.round(aSecond))
                        + " " + measure.unit() + "/s")
                .orElse("");
    }

    /** Measures without amounts of work and without what they cost. */
    Map<String, Double> withoutWork(Map<String, Double> values) {
        Map<String, Double> left = new LinkedHashMap<>(values);
        measures.stream()
                .filter(measure -> measure.taken() == Measure.Taken.WORK)
                .forEach(measure -> left.remove(measure.name()));
        left.keySet().removeIf(Costs::is);
        return left;
    }
}
