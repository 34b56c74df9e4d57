package org.kolotoc.engine;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.KeepCheckpoints;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.seat.Seats;

/**
 * Finds criteria that no run of an experiment could be held against, before a step is taken: bounds that nothing or
 * everything keeps, a measure nobody takes, a step after which it is not taken. What is taken, phases and metrics declare.
 * A step behind the last one is no fault: a run that was made shorter to try something has not met that criterion.
 */
final class CriteriaCheck {
    private static final double OPEN = 1e300;
    private static final int SHOWN = 100;

    private final Workbench bench;
    private final Experiment experiment;
    private final List<String> installed;
    private final Problems problems;

    private CriteriaCheck(Workbench bench, List<String> installed, Problems problems) {
        this.bench = bench;
        this.experiment = bench.experiment();
        this.installed = installed;
        this.problems = problems;
    }

    /** Notes what is wrong with the criteria of a prepared experiment. */
    static void check(Workbench bench, Seats seats, Problems problems) {
        List<String> metrics = seats.installed().stream()
                .filter(plugin -> plugin.kind().equals(Seat.METRIC))
                .map(Seats.Installed::id)
                .toList();
        CriteriaCheck check = new CriteriaCheck(bench, metrics, problems);
        List<Criterion> criteria = bench.experiment().criteria();
        for (int i = 0; i < criteria.size(); i++) {
            check.check(criteria.get(i), "$.criteria[" + i + "]");
        }
        KeepCheckpoints keep = bench.experiment().keepCheckpoints();
        if (keep != null && keep.best() != null) {
            check.kept(keep.best().metric(), "$.keepCheckpoints.best.metric");
        }
    }

    private void check(Criterion criterion, String path) {
        if (criterion.min() > criterion.max()) {
            problems.add(path, "min " + criterion.min() + " is above max " + criterion.max() + "; nothing keeps both");
        }
        if (criterion.min() <= -OPEN && criterion.max() >= OPEN && criterion.trend() == Criterion.Trend.ANY) {
            problems.add(path, "has neither min nor max nor trend; everything would keep it");
        }
        String name = criterion.metric();
        if (names(judged()).contains(name)) {
            if (experiment.samples() == null) {
                problems.add(path + ".metric", "\"" + name + "\" judges samples, and the experiment draws none");
            } else {
                requireTaken(
                        criterion,
                        path,
                        "drawn",
                        "samples.at",
                        experiment.samples().at(),
                        0);
            }
        } else if (names(evaluated()).contains(name)) {
            requireTaken(criterion, path, "measured", "evaluateAt", evaluations(), experiment.evaluateEvery());
            requireByItsPhase(criterion, path);
        } else {
            problems.add(path + ".metric", "\"" + Printable.cut(name, SHOWN) + "\" " + whyNot(name));
        }
    }

    /** The measure by which checkpoints are kept. */
    private void kept(String name, String path) {
        if (!known().contains(name)) {
            problems.add(path, "\"" + Printable.cut(name, SHOWN) + "\" " + whyNot(name));
        } else if (names(judged()).contains(name) && experiment.samples() == null) {
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
        return bench.seating().phases().stream().flatMap(phase -> phase.measures().stream());
    }

    private Stream<Measure> evaluated() {
        return declared().filter(measure -> measure.taken() == Measure.Taken.EVALUATION);
    }

    private Stream<Measure> judged() {
        return bench.seating().metrics().stream().flatMap(metric -> metric.measures().stream());
    }

    private List<String> known() {
        return names(Stream.concat(evaluated(), judged()));
    }

    private static List<String> names(Stream<Measure> measures) {
        return measures.map(Measure::name).distinct().toList();
    }

    private void requireTaken(Criterion criterion, String path, String done, String field, List<Long> at, long every) {
        long step = criterion.step();
        boolean taken = step < 0 || step >= bench.steps() || at.contains(step) || every > 0 && step % every == 0;
        if (!taken) {
            TreeSet<Long> steps = new TreeSet<>(at);
            steps.add(bench.steps());
            steps.removeIf(other -> other > bench.steps());
            problems.add(
                    path + ".step",
                    "is " + step + ", but \"" + criterion.metric() + "\" is " + done + " after steps " + steps
                            + (every > 0 ? " and every " + every : "") + "; add " + step + " to \"" + field + "\"");
        }
    }

    /** Held-out data is measured before the first step too. */
    private List<Long> evaluations() {
        TreeSet<Long> steps = new TreeSet<>(experiment.evaluateAt());
        steps.add(0L);
        return List.copyOf(steps);
    }

    /** A measure of one phase is not taken while another one trains. */
    private void requireByItsPhase(Criterion criterion, String path) {
        int phase = bench.phaseOf(Math.min(criterion.step() < 0 ? bench.steps() : criterion.step(), bench.steps()));
        boolean declared = bench.seating().phases().get(phase).measures().stream()
                .anyMatch(measure -> measure.taken() == Measure.Taken.EVALUATION
                        && measure.name().equals(criterion.metric()));
        if (!declared && criterion.step() >= 0) {
            problems.add(
                    path + ".step",
                    "is " + criterion.step() + ", a step of the phase \""
                            + bench.seating().phases().get(phase).id() + "\", which does not measure \""
                            + criterion.metric() + "\"");
        }
    }
}
