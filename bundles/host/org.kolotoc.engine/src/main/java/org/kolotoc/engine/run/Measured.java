package org.kolotoc.engine.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.Measurements;
import org.kolotoc.engine.folder.MetricsLine;
import org.kolotoc.engine.verdict.Evidence;

/** What was measured. Numbers of a step are kept only until the next one; the file has them all. Evaluations stay. */
public final class Measured implements Evidence {
    private final TreeMap<Long, Map<String, Double>> evaluations = new TreeMap<>();
    private final Map<String, Double> latest = new LinkedHashMap<>();
    private long step;
    private long made;

    /** Begins the measurements of a step. */
    void begin(long newStep) {
        step = newStep;
        latest.clear();
    }

    /** So many updates were made. */
    void made(long updates) {
        made = updates;
    }

    /** Updates that were made. */
    long made() {
        return made;
    }

    /** Takes a number of the current step. */
    Measurements step() {
        return latest::put;
    }

    /** Takes a number of an evaluation after the current step. */
    Measurements evaluation() {
        return (name, value) ->
                evaluations.computeIfAbsent(step, _ -> new LinkedHashMap<>()).put(name, value);
    }

    /** An evaluation after the current step that did not come to its end measured nothing. */
    void forgetEvaluation() {
        evaluations.remove(step);
    }

    /** Takes what was measured earlier, a line after the other, from the file of a run that goes on. */
    void restore(MetricsLine line) {
        if (line.evaluation()) {
            evaluations.computeIfAbsent(line.step(), _ -> new LinkedHashMap<>()).putAll(line.measures());
        } else {
            begin(line.step());
            latest.putAll(line.measures());
        }
    }

    /** Numbers of the current step, in the order they were put. */
    Map<String, Double> latest() {
        return latest;
    }

    /** Numbers of the evaluation after the current step, in the order they were put; none if there was none. */
    Map<String, Double> evaluated() {
        return evaluations.getOrDefault(step, Map.of());
    }

    @Override
    public Optional<Double> value(String metric, long wanted) {
        if (wanted >= 0) {
            return Optional.ofNullable(
                    evaluations.getOrDefault(wanted, Map.of()).get(metric));
        }
        return evaluations.descendingMap().values().stream()
                .filter(values -> values.containsKey(metric))
                .findFirst()
                .map(values -> values.get(metric));
    }

    @Override
    public List<Double> series(String metric) {
        return evaluations.values().stream()
                .filter(values -> values.containsKey(metric))
                .map(values -> values.get(metric))
                .toList();
    }
}
