package org.kolotoc.engine.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Training;
import org.kolotoc.engine.event.Told;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.prepare.Workbench;

/**
 * Evidence that the criteria must refuse, measured by the same judges: weights before the first step, and what the data and
 * the samplers know to be no proof of learning.
 */
public final class Controls {
    private final Workbench bench;
    private final Evidence run;
    private final Map<String, List<Sample>> samples;
    private final Told told;

    /**
     * Controls for a finished run.
     *
     * @param run what it measured
     * @param samples its last samples, by the names of their plans
     * @param told hears how far they are
     */
    public Controls(Workbench bench, Evidence run, Map<String, List<Sample>> samples, Told told) {
        this.bench = bench;
        this.run = run;
        this.samples = samples;
        this.told = told;
    }

    /** The controls that make sense for this run, in the order of their names. Data and samplers may know the same one. */
    public Map<String, Evidence> all() {
        Map<String, Evidence> controls = new LinkedHashMap<>();
        long begin = bench.begin(bench.experiment().phases().size() - 1);
        controls.put("untrained", new Instead(metric -> run.value(metric, 0).or(() -> run.value(metric, begin))));
        Map<String, Map<String, Double>> found = new TreeMap<>();
        bench.controls().forEach((name, data) -> found.put(name, evaluated(data)));
        others().forEach((name, drawn) ->
                found.computeIfAbsent(name, _ -> new HashMap<>()).putAll(judged(drawn)));
        found.forEach((name, measured) ->
                controls.put(name, new Instead(metric -> Optional.ofNullable(measured.get(unqualified(metric))))));
        return controls;
    }

    /** A measure of the last phase, which is the one that is controlled, without that phase's name. */
    private String unqualified(String metric) {
        String last = bench.experiment().phases().getLast().name() + "/";
        return metric.startsWith(last) ? metric.substring(last.length()) : metric;
    }

    /** Other samples in the place of the run's, by what was done to get them, in the order of its name. */
    private Map<String, Map<String, List<Sample>>> others() {
        Map<String, Map<String, List<Sample>>> others = new TreeMap<>();
        for (SamplePlan plan : bench.experiment().samples()) {
            List<Sample> drawn = samples.getOrDefault(plan.name(), List.of());
            if (!drawn.isEmpty()) {
                bench.drawing()
                        .controls(plan, drawn, told)
                        .forEach((name, control) -> others.computeIfAbsent(name, _ -> new LinkedHashMap<>(samples))
                                .put(plan.name(), control));
            }
        }
        return others;
    }

    private Map<String, Double> judged(Map<String, List<Sample>> others) {
        Map<String, Double> measured = new HashMap<>();
        bench.drawing().judge(others, told.of(measured::put));
        return measured;
    }

    private Map<String, Double> evaluated(Map<String, Dataset> data) {
        Map<String, Double> measured = new HashMap<>();
        try (Training training = bench.lastPhaseOver(data)) {
            training.evaluate(told.of(measured::put));
        }
        return measured;
    }

    /** The run's evidence with what it measured last replaced: the criteria of the end alone have to notice. */
    private final class Instead implements Evidence {
        private final Function<String, Optional<Double>> replaced;

        Instead(Function<String, Optional<Double>> replaced) {
            this.replaced = replaced;
        }

        @Override
        public Optional<Double> value(String metric, long step) {
            boolean last = step < 0 || step == bench.steps();
            Optional<Double> other = last ? replaced.apply(metric) : Optional.empty();
            return other.isPresent() ? other : run.value(metric, step);
        }

        @Override
        public List<Double> series(String metric) {
            List<Double> series = new ArrayList<>(run.series(metric));
            if (!series.isEmpty()) {
                replaced.apply(metric).ifPresent(value -> series.set(series.size() - 1, value));
            }
            return series;
        }
    }
}
