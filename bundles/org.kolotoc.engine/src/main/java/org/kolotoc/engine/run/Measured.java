package org.kolotoc.engine.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.Measurements;
import org.kolotoc.engine.verdict.Evidence;

/** What was measured after each step. Numbers of plain steps are kept only until the next one; the file has them all. */
public final class Measured implements Evidence {
    private final TreeMap<Long, Map<String, Double>> evaluations = new TreeMap<>();
    private final Map<String, Double> latest = new LinkedHashMap<>();
    private long step;

    /** Begins the measurements of a step. */
    void begin(long newStep) {
        step = newStep;
        latest.clear();
    }

    /** Takes a number of the current step. */
    Measurements step() {
        return latest::put;
    }

    /** Takes a number of an evaluation after the current step, which stays. */
    Measurements evaluation() {
        return (name, value) -> {
            latest.put(name, value);
            evaluations.computeIfAbsent(step, _ -> new LinkedHashMap<>()).put(name, value);
        };
    }

    /** Takes a number of an earlier evaluation, from the file of a run that goes on. */
    void restore(long earlier, String name, double value) {
        evaluations.computeIfAbsent(earlier, _ -> new LinkedHashMap<>()).put(name, value);
    }

    /** Numbers of the current step, in the order they were put. */
    Map<String, Double> latest() {
        return latest;
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
