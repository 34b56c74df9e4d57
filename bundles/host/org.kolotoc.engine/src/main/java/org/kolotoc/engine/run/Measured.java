package org.kolotoc.engine.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.check.Costs;
import org.kolotoc.engine.folder.MetricsLine;
import org.kolotoc.engine.judge.Evaluations;
import org.kolotoc.engine.judge.Evidence;

/** What was measured. Numbers of a step are kept only until the next one; the file has them all. Evaluations stay. */
final class Measured implements Evidence {
    private final Evaluations evaluations = new Evaluations();
    private final Map<String, Double> latest = new LinkedHashMap<>();
    private final Map<String, Sample> shown = new LinkedHashMap<>();
    private long step;
    private String phase = "";
    private long made;

    /** Operations of all steps of the phase so far; NaN where an older version took some and did not count. */
    private double work;

    /** Begins the measurements of a step, or of what comes before the first one of a phase. */
    void begin(long newStep, String newPhase) {
        work = newPhase.equals(phase) ? work : 0;
        step = newStep;
        phase = newPhase;
        latest.clear();
    }

    /** The same where numbers of the step are known already. */
    void begin(long newStep, String newPhase, Map<String, Double> known) {
        Map<String, Double> kept = new LinkedHashMap<>(known);
        begin(newStep, newPhase);
        latest.putAll(kept);
    }

    /** The current step was taken: what it cost is among its numbers. */
    void worked() {
        work += latest.getOrDefault(Costs.STEP, Double.NaN);
    }

    /** Puts what all steps of the phase cost so far into the evaluation after the current one. */
    void putWork() {
        if (!Double.isNaN(work)) {
            evaluation().put(Costs.TRAINING, work);
        }
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

    /** Takes a number of an evaluation after the current step, and what is shown beside. */
    Measurements evaluation() {
        return new Measurements() {
            @Override
            public void put(String name, double value) {
                evaluations.at(step, phase).put(name, value);
            }

            @Override
            public void show(String name, Sample sample) {
                shown.put(name, sample);
            }
        };
    }

    /** What was shown by its name, since somebody took it last. */
    Map<String, Sample> takeShown() {
        Map<String, Sample> taken = new LinkedHashMap<>(shown);
        shown.clear();
        return taken;
    }

    /** An evaluation after the current step that did not come to its end measured nothing. */
    void forgetEvaluation() {
        evaluations.forget(step, phase);
        shown.clear();
    }

    /** Takes what was measured earlier, a line after the other, from the file of a run that goes on. */
    void restore(MetricsLine line) {
        if (line.evaluation()) {
            evaluations.at(line.step(), line.phase()).putAll(line.measures());
        } else {
            begin(line.step(), line.phase());
            latest.putAll(line.measures());
            worked();
        }
    }

    /** Numbers of the current step, in the order they were put. */
    Map<String, Double> latest() {
        return latest;
    }

    /** The current step. */
    long latestStep() {
        return step;
    }

    /** Numbers of the evaluation after the current step, in the order they were put; none if there was none. */
    Map<String, Double> evaluated() {
        return evaluations.after(step, phase);
    }

    @Override
    public Optional<Double> value(String metric, long wanted) {
        return evaluations.value(metric, wanted);
    }

    @Override
    public List<Double> series(String metric) {
        return evaluations.series(metric);
    }
}
