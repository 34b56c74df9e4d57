package org.kolotoc.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.MetricPlan;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.seat.Seating;

/** Which models and data every phase, sampler and judge of an experiment gets, in the order of the experiment. */
record Wirings(
        Experiment experiment, Seating seating, List<Wiring> phases, List<Wiring> samplers, List<Wiring> metrics) {
    /** Finds out; notes what is not clear. */
    static Wirings of(Experiment experiment, Seating seating, Problems problems) {
        List<Wiring> phases = new ArrayList<>();
        for (int i = 0; i < seating.phases().size(); i++) {
            phases.add(Wiring.of(
                    seating.phases().get(i).occupant(),
                    seating.phases().get(i).needs(),
                    plan(experiment.phases().get(i)),
                    experiment,
                    problems));
        }
        List<Wiring> samplers = new ArrayList<>();
        for (int i = 0; i < seating.samplers().size(); i++) {
            samplers.add(Wiring.of(
                    seating.samplers().get(i).occupant(),
                    seating.samplers().get(i).needs(),
                    plan(experiment.samples().get(i)),
                    experiment,
                    problems));
        }
        List<Wiring> metrics = new ArrayList<>();
        for (int i = 0; i < seating.metrics().size(); i++) {
            metrics.add(Wiring.of(
                    seating.metrics().get(i).occupant(),
                    seating.metrics().get(i).needs(),
                    plan(experiment.metrics().get(i)),
                    experiment,
                    problems));
        }
        return new Wirings(experiment, seating, List.copyOf(phases), List.copyOf(samplers), List.copyOf(metrics));
    }

    private static Wiring.Plan plan(PhasePlan plan) {
        String path = plan.seat().path();
        return new Wiring.Plan(plan.models(), path + ".models", plan.data(), path + ".data");
    }

    private static Wiring.Plan plan(SamplePlan plan) {
        String path = plan.seat().path();
        return new Wiring.Plan(plan.model(), path + ".model", plan.data(), path + ".data");
    }

    private static Wiring.Plan plan(MetricPlan plan) {
        String path = plan.seat().path();
        return new Wiring.Plan(plan.models(), path + ".models", plan.data(), path + ".data");
    }

    /** Notes where models and data are not what is needed. */
    void check(Map<String, Model> models, Map<String, Dataset> data, Problems problems) {
        for (int i = 0; i < phases.size(); i++) {
            phases.get(i)
                    .check(
                            seating.phases().get(i).occupant(),
                            plan(experiment.phases().get(i)),
                            models,
                            data,
                            problems);
        }
        for (int i = 0; i < samplers.size(); i++) {
            samplers.get(i)
                    .check(
                            seating.samplers().get(i).occupant(),
                            plan(experiment.samples().get(i)),
                            models,
                            data,
                            problems);
        }
        for (int i = 0; i < metrics.size(); i++) {
            metrics.get(i)
                    .check(
                            seating.metrics().get(i).occupant(),
                            plan(experiment.metrics().get(i)),
                            models,
                            data,
                            problems);
        }
    }

    /** Every model that is referred to. */
    Stream<ModelRef> models() {
        return Stream.of(phases, samplers, metrics)
                .flatMap(List::stream)
                .flatMap(wiring -> wiring.models().values().stream());
    }

    /** The owner of what a phase keeps: its name, unless a model is called so. */
    String owner(int place) {
        String name = experiment.phases().get(place).name();
        Set<String> taken = new HashSet<>(experiment.allModels().keySet());
        taken.addAll(phases.get(place).models().keySet());
        return taken.contains(name) ? name + "-phase" : name;
    }
}
