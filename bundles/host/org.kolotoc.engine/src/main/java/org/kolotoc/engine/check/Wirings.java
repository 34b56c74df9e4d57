package org.kolotoc.engine.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.AdapterPlan;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.MetricPlan;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.fill.Needing;
import org.kolotoc.engine.fill.Seating;

/** Which models and data every phase, sampler and judge of an experiment gets, in the order of the experiment. */
public record Wirings(Experiment experiment, List<Wiring> phases, List<Wiring> samplers, List<Wiring> metrics) {
    /** Finds out; notes what is not clear. */
    public static Wirings of(Experiment experiment, Seating seating, Problems problems) {
        Wirings wirings = new Wirings(
                experiment,
                all(seating.phases(), experiment.phases(), Wirings::plan, experiment, seating, problems),
                all(seating.samplers(), experiment.samples(), Wirings::plan, experiment, seating, problems),
                all(seating.metrics(), experiment.metrics(), Wirings::plan, experiment, seating, problems));
        for (int i = 0; i < wirings.phases().size(); i++) {
            wirings.checkAdapted(i, problems);
            wirings.checkTaught(i, problems);
        }
        return wirings;
    }

    /** The same of samplers alone, whose data is not there. */
    public static Wirings ofSamples(Experiment experiment, Seating seating, Problems problems) {
        List<Wiring> samplers = new ArrayList<>();
        for (int i = 0; i < seating.samplers().size(); i++) {
            samplers.add(Wiring.withoutData(
                    seating.samplers().get(i),
                    plan(experiment.samples().get(i)),
                    experiment,
                    seating.models(),
                    problems));
        }
        return new Wirings(experiment, List.of(), samplers, List.of());
    }

    /** The same of samplers and judges, without phases. */
    public static Wirings ofJudged(Experiment experiment, Seating seating, Problems problems) {
        return new Wirings(
                experiment,
                List.of(),
                all(seating.samplers(), experiment.samples(), Wirings::plan, experiment, seating, problems),
                all(seating.metrics(), experiment.metrics(), Wirings::plan, experiment, seating, problems));
    }

    private static <P> List<Wiring> all(
            List<? extends Needing> seats,
            List<P> plans,
            Function<P, Wiring.Plan> plan,
            Experiment experiment,
            Seating seating,
            Problems problems) {
        return IntStream.range(0, seats.size())
                .mapToObj(
                        i -> Wiring.of(seats.get(i), plan.apply(plans.get(i)), experiment, seating.models(), problems))
                .toList();
    }

    private static Wiring.Plan plan(PhasePlan plan) {
        String path = plan.seat().path();
        return new Wiring.Plan(path, plan.models(), path + ".models", plan.data(), path + ".data");
    }

    private static Wiring.Plan plan(SamplePlan plan) {
        String path = plan.seat().path();
        return new Wiring.Plan(path, plan.model(), path + ".model", plan.data(), path + ".data");
    }

    private static Wiring.Plan plan(MetricPlan plan) {
        String path = plan.seat().path();
        return new Wiring.Plan(path, plan.models(), path + ".models", plan.data(), path + ".data");
    }

    /** Notes where models and data are not what is needed. */
    public void check(Map<String, Model> models, Map<String, Dataset> data, Problems problems) {
        all().forEach(wiring -> wiring.check(models, data, problems));
    }

    Stream<Wiring> all() {
        return Stream.of(phases, samplers, metrics).flatMap(List::stream);
    }

    /** Every model that is referred to. */
    public Stream<ModelRef> models() {
        return all().flatMap(wiring -> wiring.models().values().stream());
    }

    /** The model that a phase's adapter is put around; nothing where it has no adapter. */
    public Optional<String> adapted(int place) {
        return Optional.ofNullable(experiment.phases().get(place).adapter())
                .map(plan -> plan.model().isEmpty() ? trained(place).getFirst() : plan.model());
    }

    private void checkAdapted(int place, Problems problems) {
        AdapterPlan plan = experiment.phases().get(place).adapter();
        List<String> trained = trained(place);
        if (plan != null && (plan.model().isEmpty() ? trained.size() != 1 : !trained.contains(plan.model()))) {
            String phase = phases.get(place).seat().occupant().toString();
            problems.add(
                    plan.seat().path() + (trained.isEmpty() ? "" : ".model"),
                    trained.isEmpty()
                            ? phase + " is given no model that could be adapted; expected no such field"
                            : (plan.model().isEmpty() ? "is missing" : "is \"" + plan.model() + "\"") + ", and " + phase
                                    + " is given " + String.join(", ", trained) + "; expected one of these");
        }
    }

    /** Notes models with fresh weights whose word a phase takes. */
    private void checkTaught(int place, Problems problems) {
        Wiring wiring = phases.get(place);
        for (String formal : wiring.needs().taught()) {
            ModelRef ref = wiring.models().get(formal);
            if (ref != null && !isTaught(ref, place)) {
                problems.add(
                        wiring.plan().modelsPath() + "." + formal,
                        "is \"" + ref + "\", whose weights are fresh, and "
                                + wiring.seat().occupant()
                                + " takes the word of its '" + formal + "'; put a phase before that trains '"
                                + ref.model() + "'" + suggested(formal, ref.model())
                                + ", or begin with weights of another run: \"start\": {\"" + ref.model()
                                + "\": {\"run\": \"runs/...\"}}");
            }
        }
    }

    /** The phase that goes by the name of what it makes, where there is none of it. */
    private String suggested(String formal, String model) {
        boolean there =
                experiment.phases().stream().anyMatch(phase -> phase.seat().id().equals(formal));
        return there ? "" : ": {\"id\": \"" + formal + "\", \"models\": {\"model\": \"" + model + "\"}, ...}";
    }

    /** Whether a phase before has the model, and may change it, or weights of another run are its beginning. */
    private boolean isTaught(ModelRef ref, int place) {
        return experiment.start().containsKey(ref.model()) || isTrained(ref, place);
    }

    /**
     * The first phase that takes the word of a model which no phase before has trained: only the weights that it begins with
     * can have taught it.
     */
    public Optional<Wiring> believing(String model) {
        for (int i = 0; i < phases.size(); i++) {
            Wiring wiring = phases.get(i);
            for (String formal : wiring.needs().taught()) {
                ModelRef ref = wiring.models().get(formal);
                if (ref != null && ref.model().equals(model) && !isTrained(ref, i)) {
                    return Optional.of(wiring);
                }
            }
        }
        return Optional.empty();
    }

    private boolean isTrained(ModelRef ref, int place) {
        for (int i = 0; i < place; i++) {
            if (trained(i).contains(ref.model())) {
                return true;
            }
            if (experiment.phases().get(i).name().equals(ref.phase())) {
                return false;
            }
        }
        return experiment.phases().get(place).start().containsKey(ref.model());
    }

    /** Models of a phase that do not stay as they are. */
    private List<String> trained(int place) {
        return phases.get(place).models().values().stream()
                .filter(ref -> !ref.frozen())
                .map(ModelRef::model)
                .distinct()
                .toList();
    }

    /** The owner of what a phase keeps: its name, unless a model is called so. */
    public String owner(int place) {
        String name = experiment.phases().get(place).name();
        Set<String> taken = new HashSet<>(experiment.allModels().keySet());
        taken.addAll(phases.get(place).models().keySet());
        return taken.contains(name) ? name + "-phase" : name;
    }
}
