package org.kolotoc.engine;

import java.util.List;
import java.util.TreeSet;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Problems;

/**
 * Finds criteria that no run of an experiment could be held against, before a step is taken: bounds that nothing or
 * everything keeps, a measure nobody takes, a step after which it is not taken. A step behind the last one is no fault:
 * a run that was made shorter to try something has not met that criterion.
 */
final class CriteriaCheck {
    private static final double OPEN = 1e300;
    private static final String HELD_OUT = "loss/validation";
    private static final String TRAINING = "loss/train";

    private final Experiment experiment;
    private final long total;
    private final List<String> installed;
    private final Problems problems;

    private CriteriaCheck(Experiment experiment, long total, List<String> installed, Problems problems) {
        this.experiment = experiment;
        this.total = total;
        this.installed = installed;
        this.problems = problems;
    }

    /**
     * Notes what is wrong with an experiment's criteria.
     *
     * @param total steps of all phases
     * @param installed ids of the metrics that could be asked for
     */
    static void check(Experiment experiment, long total, List<String> installed, Problems problems) {
        CriteriaCheck check = new CriteriaCheck(experiment, total, installed, problems);
        for (int i = 0; i < experiment.criteria().size(); i++) {
            check.check(experiment.criteria().get(i), "$.criteria[" + i + "]");
        }
    }

    private void check(Criterion criterion, String path) {
        if (criterion.min() > criterion.max()) {
            problems.add(path, "min " + criterion.min() + " is above max " + criterion.max() + "; nothing keeps both");
        }
        if (criterion.min() <= -OPEN && criterion.max() >= OPEN && criterion.trend() == Criterion.Trend.ANY) {
            problems.add(path, "has neither min nor max nor trend; everything would keep it");
        }
        String metric = criterion.metric();
        String seat = seatOf(metric);
        if (metric.equals(TRAINING)) {
            problems.add(
                    path + ".metric",
                    "\"" + TRAINING + "\" is measured on what is learned, which proves nothing; expected \"" + HELD_OUT
                            + "\" or a metric");
        } else if (asked().contains(seat)) {
            if (experiment.samples() == null) {
                problems.add(path + ".metric", "\"" + metric + "\" judges samples, and the experiment draws none");
            } else {
                step(
                        criterion,
                        path,
                        "drawn",
                        "samples.at",
                        experiment.samples().at(),
                        0);
            }
        } else if (installed.contains(seat)) {
            problems.add(
                    path + ".metric",
                    "\"" + metric + "\" is not measured; add {\"id\": \"" + seat + "\"} to \"metrics\"");
        } else if (metric.equals(HELD_OUT)) {
            step(criterion, path, "measured", "evaluateAt", evaluations(), experiment.evaluateEvery());
        } else {
            unknown(metric, path);
        }
    }

    /** A phase may measure under any name; one that is nearly a known one was hardly meant to be new. */
    private void unknown(String metric, String path) {
        List<String> names = new java.util.ArrayList<>(installed);
        names.add(HELD_OUT);
        String hint = Nearest.hint(metric, names);
        if (!hint.isEmpty()) {
            problems.add(path + ".metric", "\"" + metric + "\" is not measured" + hint);
        }
    }

    private void step(Criterion criterion, String path, String done, String field, List<Long> at, long every) {
        long step = criterion.step();
        boolean taken = step < 0 || step >= total || at.contains(step) || every > 0 && step % every == 0;
        if (!taken) {
            TreeSet<Long> steps = new TreeSet<>(at);
            steps.add(total);
            steps.removeIf(other -> other > total);
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

    private List<String> asked() {
        return experiment.metrics().stream().map(ref -> ref.id()).toList();
    }

    /** A metric measures under its id or below it: {@code word-rate}, {@code word-rate/words}. */
    private static String seatOf(String metric) {
        int slash = metric.indexOf('/');
        return slash < 0 ? metric : metric.substring(0, slash);
    }

    /** Ids of the installed metrics. */
    static List<String> metrics(Seats seats) {
        return seats.plugins().stream()
                .filter(plugin -> plugin.kind().equals(Seat.METRIC))
                .map(Seats.Plugin::id)
                .toList();
    }
}
