package org.kolotoc.engine.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.KeepCheckpoints;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.fill.Seats;

/**
 * Finds criteria that no run of an experiment could be held against, before a step is taken: bounds that nothing or
 * everything keeps, a measure nobody takes, a step after which it is not taken. What is taken, phases and metrics declare.
 * A step behind the last one is no fault: a run that was made shorter to try something has not met that criterion.
 */
public final class CriteriaCheck {
    private static final double OPEN = 1e300;
    private static final int SHOWN = 100;

    private final Experiment experiment;
    private final Timeline timeline;
    private final Seating seating;
    private final List<String> installed;
    private final Problems problems;

    private CriteriaCheck(Experiment experiment, Seating seating, List<String> installed, Problems problems) {
        this.experiment = experiment;
        this.timeline = Timeline.of(experiment);
        this.seating = seating;
        this.installed = installed;
        this.problems = problems;
    }

    /** Notes what is wrong with the criteria of an experiment whose seats are filled. */
    public static void check(Experiment experiment, Seating seating, Seats seats, Problems problems) {
        List<String> metrics = seats.installed().stream()
                .filter(plugin -> plugin.kind().equals(Seat.METRIC))
                .map(Seats.Installed::id)
                .toList();
        CriteriaCheck check = new CriteriaCheck(experiment, seating, metrics, problems);
        List<Criterion> criteria = experiment.criteria();
        for (int i = 0; i < criteria.size(); i++) {
            check.check(criteria.get(i), "$.criteria[" + i + "]");
        }
        KeepCheckpoints keep = experiment.keepCheckpoints();
        if (keep != null && keep.best() != null) {
            check.kept(keep.best().metric(), "$.keepCheckpoints.best.metric");
        }
    }

    /** Notes bounds that nothing or everything keeps. */
    public static void bounds(Criterion criterion, String path, Problems problems) {
        if (criterion.min() > criterion.max()) {
            problems.add(path, "min " + criterion.min() + " is above max " + criterion.max() + "; nothing keeps both");
        }
        boolean relates = criterion.minus() != null || criterion.over() != null;
        if (criterion.min() <= -OPEN
                && criterion.max() >= OPEN
                && (relates || criterion.trend() == Criterion.Trend.ANY)) {
            problems.add(
                    path,
                    (relates ? "relates two measures and has neither min nor max" : "has neither min nor max nor trend")
                            + "; everything would keep it");
        }
        if (criterion.minus() != null && criterion.over() != null) {
            problems.add(path, "has both \"minus\" and \"over\"; expected one of them");
        }
    }

    private void check(Criterion criterion, String path) {
        bounds(criterion, path, problems);
        criterion.readings().forEach((place, reading) -> {
            boolean step = place.isEmpty() && criterion.at() == null;
            check(reading, path + place, step ? ".step" : ".at");
        });
    }

    /** @param when the field that says when it is read */
    private void check(Criterion.Reading reading, String path, String when) {
        String name = reading.metric();
        Optional<String> phase = phaseOf(name);
        String measure = phase.map(p -> name.substring(p.length() + 1)).orElse(name);
        Optional<SamplePlan> costing = Costs.samplesOf(name, experiment);
        if (costing.isPresent()) {
            requireTaken(
                    reading,
                    path + when,
                    "drawn",
                    "samples.at",
                    timeline.steps(costing.get().at()),
                    0);
        } else if (phase.isEmpty() && names(judged()).contains(name)) {
            requireDrawn(reading, path, when);
        } else if (names(evaluated(phase)).contains(measure)) {
            requireTaken(
                    reading, path + when, "measured", "evaluateAt", evaluations(), experiment.evaluationInterval());
            requireByItsPhase(reading, measure, phase, path + when);
        } else {
            problems.add(path + ".metric", "\"" + Printable.cut(name, SHOWN) + "\" " + whyNot(name));
        }
    }

    /** Of {@code rlhf/reward} the phase, if there is one of that name. */
    private Optional<String> phaseOf(String name) {
        return experiment.phases().stream()
                .map(PhasePlan::name)
                .filter(phase -> name.startsWith(phase + "/"))
                .findFirst();
    }

    private void requireDrawn(Criterion.Reading reading, String path, String when) {
        List<SamplePlan> judged = new ArrayList<>();
        for (int i = 0; i < experiment.metrics().size(); i++) {
            boolean measures = seating.metrics().get(i).measures().stream()
                    .anyMatch(measure -> measure.name().equals(reading.metric()));
            String samples = experiment.judged(experiment.metrics().get(i));
            experiment.samples().stream()
                    .filter(plan -> measures && plan.name().equals(samples))
                    .forEach(judged::add);
        }
        if (judged.isEmpty()) {
            problems.add(
                    path + ".metric", "\"" + reading.metric() + "\" judges samples, and the experiment draws none");
        } else {
            requireTaken(
                    reading,
                    path + when,
                    "drawn",
                    "samples.at",
                    timeline.steps(judged.getFirst().at()),
                    0);
        }
    }

    /** The measure by which checkpoints are kept. */
    private void kept(String name, String path) {
        if (!known().contains(name)) {
            problems.add(path, "\"" + Printable.cut(name, SHOWN) + "\" " + whyNot(name));
        } else if (names(judged()).contains(name) && experiment.samples().isEmpty()) {
            problems.add(path, "\"" + name + "\" judges samples, and the experiment draws none");
        }
    }

    private String whyNot(String name) {
        Optional<Measure> ofStep =
                declared().filter(measure -> measure.name().equals(name)).findFirst();
        String known = String.join(", ", known());
        if (ofStep.isPresent()) {
            return "is measured on what is learned, which proves nothing; expected one of " + known;
        }
        // A metric measures under its id or below it: word-rate, word-rate/words.
        String seat = name.substring(0, name.indexOf('/') < 0 ? name.length() : name.indexOf('/'));
        return installed.contains(seat)
                ? "is not measured; add {\"id\": \"" + seat + "\"} to \"metrics\""
                : "is not measured" + Nearest.hint(name, known()) + " (measured are " + known + ")";
    }

    private Stream<Measure> declared() {
        return seating.phases().stream().flatMap(phase -> phase.measures().stream());
    }

    private Stream<Measure> evaluated(Optional<String> phase) {
        return IntStream.range(0, experiment.phases().size())
                .filter(i -> phase.isEmpty()
                        || phase.get().equals(experiment.phases().get(i).name()))
                .mapToObj(this::measures)
                .flatMap(List::stream)
                .filter(measure -> measure.taken() == Measure.Taken.EVALUATION);
    }

    /** Of a phase, with what every one measures of its cost. */
    private List<Measure> measures(int phase) {
        return Stream.concat(seating.phases().get(phase).measures().stream(), Costs.ofPhase().stream())
                .toList();
    }

    private Stream<Measure> judged() {
        return seating.metrics().stream().flatMap(metric -> metric.measures().stream());
    }

    private List<String> known() {
        return names(Stream.of(evaluated(Optional.empty()), judged(), Costs.ofSamples(experiment))
                .flatMap(all -> all));
    }

    private static List<String> names(Stream<Measure> measures) {
        return measures.map(Measure::name).distinct().toList();
    }

    private void requireTaken(
            Criterion.Reading reading, String path, String done, String field, List<Long> at, long every) {
        if (reading.at() == null) {
            return;
        }
        long step = timeline.step(reading.at());
        boolean taken = step >= timeline.steps() || at.contains(step) || every > 0 && step % every == 0;
        if (!taken) {
            TreeSet<Long> steps = new TreeSet<>(at);
            steps.add(timeline.steps());
            steps.removeIf(other -> other > timeline.steps());
            problems.add(
                    path,
                    "is " + reading.at() + ", but \"" + reading.metric() + "\" is " + done + " after steps "
                            + steps + (every > 0 ? " and every " + every : "") + "; add " + step + " to \"" + field
                            + "\"");
        }
    }

    /** Held-out data is measured before the first step and after the last one of each phase too. */
    private List<Long> evaluations() {
        TreeSet<Long> steps = new TreeSet<>(timeline.steps(experiment.evaluationMoments()));
        steps.add(0L);
        for (int i = 0; i < experiment.phases().size(); i++) {
            steps.add(timeline.end(i));
        }
        return List.copyOf(steps);
    }

    /** A measure of one phase is not taken while another one trains. */
    private void requireByItsPhase(Criterion.Reading reading, String measure, Optional<String> named, String path) {
        if (reading.at() == null) {
            return;
        }
        long step = Math.min(timeline.step(reading.at()), timeline.steps());
        boolean taken = IntStream.range(0, experiment.phases().size())
                .filter(i -> step >= timeline.begin(i) && step <= timeline.end(i))
                .filter(i -> named.isEmpty()
                        || named.get().equals(experiment.phases().get(i).name()))
                .anyMatch(i -> measures(i).stream()
                        .anyMatch(declared -> declared.taken() == Measure.Taken.EVALUATION
                                && declared.name().equals(measure)));
        if (!taken) {
            problems.add(
                    path,
                    "is " + reading.at() + ", a step of the phase \""
                            + experiment.phases().get(timeline.phaseOf(step)).name() + "\", which does not measure \""
                            + measure + "\"");
        }
    }
}
