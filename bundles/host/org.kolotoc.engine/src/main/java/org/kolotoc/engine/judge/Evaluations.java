package org.kolotoc.engine.judge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What evaluations of a run measured, in their order. */
public final class Evaluations implements Evidence {
    private final List<Evaluated> all = new ArrayList<>();

    /** What was evaluated after a step of a phase, or before its first one. */
    private record Evaluated(long step, String phase, Map<String, Double> values) {
        boolean is(long otherStep, String otherPhase) {
            return step == otherStep && phase.equals(otherPhase);
        }

        /** A measure by its name, or by that of the phase before it. */
        Optional<Double> value(String metric) {
            Double value = values.get(metric);
            if (value == null && metric.startsWith(phase + "/")) {
                value = values.get(metric.substring(phase.length() + 1));
            }
            return Optional.ofNullable(value);
        }

        Map<String, Double> byBothNames() {
            Map<String, Double> both = new LinkedHashMap<>();
            values.forEach((name, value) -> both.put(phase + "/" + name, value));
            both.putAll(values);
            return both;
        }
    }

    /** Numbers of the last evaluation if it is one after that step of the phase, else of a new one: to be added to. */
    public Map<String, Double> at(long step, String phase) {
        if (!isLast(step, phase)) {
            all.add(new Evaluated(step, phase, new LinkedHashMap<>()));
        }
        return all.getLast().values();
    }

    /** The same where nothing is to be added: none if there was none. */
    public Map<String, Double> after(long step, String phase) {
        return isLast(step, phase) ? all.getLast().values() : Map.of();
    }

    private boolean isLast(long step, String phase) {
        return !all.isEmpty() && all.getLast().is(step, phase);
    }

    /** One that did not come to its end measured nothing. */
    public void forget(long step, String phase) {
        all.removeIf(evaluated -> evaluated.is(step, phase));
    }

    /** Each by itself, its measures by their names and by these behind that of the phase. */
    public List<Map<String, Double>> each() {
        return all.stream().map(Evaluated::byBothNames).toList();
    }

    @Override
    public Optional<Double> value(String metric, long wanted) {
        return all.reversed().stream()
                .filter(evaluated -> wanted < 0 || evaluated.step() == wanted)
                .flatMap(evaluated -> evaluated.value(metric).stream())
                .findFirst();
    }

    @Override
    public List<Double> series(String metric) {
        return all.stream()
                .flatMap(evaluated -> evaluated.value(metric).stream())
                .toList();
    }
}
