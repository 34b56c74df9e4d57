package org.kolotoc.engine.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kolotoc.api.Ledger.Kind;
import org.kolotoc.engine.experiment.Assignment;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.KeepCheckpoints;
import org.kolotoc.engine.experiment.MetricPlan;
import org.kolotoc.engine.experiment.ModelPlan;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Moment;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.experiment.StartPlan;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.ledger.RunLedger;

/**
 * What in an experiment changes nothing, though it can be run: mostly left behind when it was made shorter. Known before
 * anything is opened.
 */
public final class Silences {
    private static final String WHO = "the experiment";

    private final Experiment experiment;
    private final Timeline timeline;
    private final Wirings wirings;
    private final RunLedger ledger;

    private Silences(Experiment experiment, Wirings wirings, RunLedger ledger) {
        this.experiment = experiment;
        this.timeline = Timeline.of(experiment);
        this.wirings = wirings;
        this.ledger = ledger;
    }

    /** Notes what has no effect. */
    public static void note(Experiment experiment, Wirings wirings, RunLedger ledger) {
        Silences silences = new Silences(experiment, wirings, ledger);
        silences.moments();
        silences.intervals();
        silences.checkpoints();
        silences.unused();
        silences.starts();
        silences.judged();
    }

    /** Notes changes of the command line that later ones of it undo. */
    public static void overwritten(List<Assignment> assignments, RunLedger ledger) {
        for (int i = 0; i < assignments.size(); i++) {
            Assignment assignment = assignments.get(i);
            assignments.stream()
                    .skip(i + 1L)
                    .filter(later -> later.covers(assignment.path()))
                    .findFirst()
                    .ifPresent(later -> ledger.note(
                            Kind.NO_EFFECT, "the command line", assignment.toString(), "is undone by " + later));
        }
    }

    private void nothing(String path, String sentence) {
        ledger.note(Kind.NO_EFFECT, WHO, path, sentence);
    }

    private void moments() {
        if (experiment.evaluate() != null) {
            moments("$.evaluate.at", experiment.evaluate().at());
        }
        moments("$.evaluateAt", experiment.evaluateAt());
        experiment
                .phases()
                .forEach(phase -> moments(
                        phase.seat().path() + ".evaluateAt",
                        phase.evaluateAt().stream()
                                .map(step -> new Moment(phase.name(), step))
                                .toList()));
        experiment.samples().forEach(plan -> moments(plan.seat().path() + ".at", plan.at()));
    }

    private void moments(String path, List<Moment> at) {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < at.size(); i++) {
            long step = timeline.step(at.get(i));
            if (step > timeline.steps()) {
                nothing(path + "[" + i + "]", at.get(i) + " comes after the last step" + last(at.get(i)));
            } else if (!seen.add(step)) {
                nothing(path + "[" + i + "]", at.get(i) + " is step " + step + ", which is there before");
            }
        }
    }

    private String last(Moment moment) {
        return moment.phase().isEmpty()
                ? ", " + timeline.steps()
                : " of that phase, "
                        + timeline.phases().get(timeline.place(moment.phase())).steps();
    }

    private void intervals() {
        String field = experiment.evaluate() == null ? "$.evaluateEvery" : "$.evaluate.every";
        interval(field, experiment.evaluationInterval(), "nothing is evaluated for it");
        interval("$.checkpointEvery", experiment.checkpointEvery(), "no checkpoint is written for it");
    }

    private void interval(String path, long every, String so) {
        if (every > timeline.steps()) {
            nothing(path, every + " is above the " + timeline.steps() + " steps of the run: " + so);
        }
    }

    private void checkpoints() {
        KeepCheckpoints keep = experiment.keepCheckpoints();
        if (keep == null) {
            return;
        }
        Set<Long> steps = new TreeSet<>();
        for (int i = 0; i < experiment.phases().size(); i++) {
            steps.add(timeline.end(i));
        }
        long every = experiment.checkpointEvery();
        for (long step = every; every > 0 && step <= timeline.steps() && steps.size() <= keep.last(); step += every) {
            steps.add(step);
        }
        if (keep.last() >= steps.size()) {
            nothing(
                    "$.keepCheckpoints.last",
                    keep.last() + " is as many as the run writes, or more: " + steps.size() + "; all stay");
        }
        if (keep.every() > timeline.steps()) {
            nothing(
                    "$.keepCheckpoints.every",
                    keep.every() + " is above the " + timeline.steps() + " steps of the run: it keeps none");
        }
    }

    private void unused() {
        Set<String> data = new HashSet<>();
        wirings.all().forEach(wiring -> data.addAll(wiring.data().values()));
        experiment.allModels().values().stream().map(ModelPlan::data).forEach(data::add);
        if (experiment.tokenizer() != null) {
            String fit = experiment.tokenizer().fit();
            data.add(fit.isEmpty() ? experiment.data().keySet().iterator().next() : fit);
        }
        experiment.data().forEach((name, ref) -> {
            if (!data.contains(name)) {
                nothing(ref.path(), "no phase, sampler or metric has the data '" + name + "'");
            }
        });
        Set<String> models = new HashSet<>();
        wirings.models().map(ModelRef::model).forEach(models::add);
        experiment.phases().stream()
                .flatMap(phase -> phase.start().values().stream())
                .map(text -> ModelRef.of(text).model())
                .forEach(models::add);
        experiment.allModels().forEach((name, plan) -> {
            if (!models.contains(name)) {
                nothing(plan.seat().path(), "no phase, sampler or metric has the model '" + name + "'");
            }
        });
    }

    private void starts() {
        for (int i = 0; i < experiment.phases().size(); i++) {
            PhasePlan phase = experiment.phases().get(i);
            Set<String> has = new HashSet<>();
            Stream.concat(wirings.phases().subList(i, experiment.phases().size()).stream(), wirings.samplers().stream())
                    .flatMap(wiring -> wiring.models().values().stream())
                    .forEach(ref -> has.add(ref.model()));
            phase.start().keySet().stream()
                    .filter(model -> !has.contains(model))
                    .forEach(model -> nothing(
                            phase.seat().path() + ".start." + model,
                            "neither this phase nor what comes after it has the model '" + model + "'"));
        }
        experiment.start().forEach((model, plan) -> start("$.start." + model, plan));
    }

    private void start(String path, StartPlan plan) {
        if (plan.sha256().isEmpty()) {
            ledger.note(
                    Kind.UNVERIFIED,
                    WHO,
                    path + ".sha256",
                    "is not given: whatever weights the run " + plan.run() + " has "
                            + (plan.step() < 0 ? "last" : "at step " + plan.step()) + " are begun with");
        }
    }

    private void judged() {
        Set<String> samples = new HashSet<>();
        experiment.samples().stream().map(SamplePlan::name).forEach(samples::add);
        for (MetricPlan plan : experiment.metrics()) {
            if (!samples.contains(experiment.judged(plan))) {
                ledger.note(Kind.SKIPPED, WHO, plan.seat().path(), "judges nothing: the experiment draws no samples");
            }
        }
        for (int i = 0; i < experiment.criteria().size(); i++) {
            int first = experiment.criteria().indexOf(experiment.criteria().get(i));
            if (first < i) {
                nothing("$.criteria[" + i + "]", "is the same again as $.criteria[" + first + "]");
            }
        }
    }
}
