package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.Signature;
import org.kolotoc.engine.check.Wiring;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.MetricPlan;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Moment;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.experiment.StartPlan;
import org.kolotoc.engine.why.Setting;
import org.kolotoc.tensor.Parameter;

/**
 * The whole of a prepared experiment on a page: everybody in it, and who refers to whom.
 *
 * @param steps of all phases
 * @param tokenizer null where there is none
 * @param criteria as they are judged
 */
public record Overview(
        String name,
        long seed,
        long steps,
        List<Source> data,
        Tokens tokenizer,
        List<Net> models,
        List<Part> phases,
        List<Drawn> samples,
        List<Judge> metrics,
        List<String> criteria) {
    /**
     * Data.
     *
     * @param fields of a batch: {@code i32 tokens[batch,time]}
     * @param extents that it states: {@code vocab}
     * @param memoryBytes it holds
     * @param fileBytes it holds on disk
     */
    public record Source(
            String name,
            String id,
            List<String> fields,
            Map<String, Integer> extents,
            long memoryBytes,
            long fileBytes) {}

    /**
     * The tokenizer.
     *
     * @param fit name of the data that it is made for
     */
    public record Tokens(String id, String fit) {}

    /**
     * A model.
     *
     * @param parameters numbers that are trained
     * @param statistics numbers that are kept beside them
     * @param bytes of both
     * @param trainedBy names of the phases that change it
     * @param start weights of another run that it begins with, in words; empty for fresh ones
     */
    public record Net(
            String name,
            String id,
            String signature,
            long parameters,
            long statistics,
            long bytes,
            List<String> trainedBy,
            String start) {}

    /**
     * A phase.
     *
     * @param seats ids of the plugins that its settings name, by field: {@code optimizer}
     * @param data by the phase's own names
     * @param models by the phase's own names: {@code policy}, {@code policy@pretrain}
     * @param starts what models begin with
     * @param measures what it measures
     * @param memoryBytes of the run while it goes on
     */
    public record Part(
            String name,
            String id,
            long steps,
            Map<String, String> seats,
            Map<String, String> data,
            Map<String, String> models,
            Map<String, String> starts,
            List<String> measures,
            long memoryBytes) {}

    /**
     * Samples that are drawn.
     *
     * @param seats as those of a phase
     * @param at moments
     */
    public record Drawn(
            String name,
            String id,
            Map<String, String> seats,
            Map<String, String> data,
            Map<String, String> models,
            List<String> at,
            int count) {}

    /**
     * A judge of samples.
     *
     * @param samples their name
     */
    public record Judge(
            String id,
            Map<String, String> seats,
            String samples,
            Map<String, String> data,
            Map<String, String> models,
            List<String> measures) {}

    /**
     * Looks at a prepared experiment, before any of its phases ended.
     *
     * @param memory predicted
     * @param settings of the experiment, with those that nobody gave
     */
    public static Overview of(Workbench bench, MemoryPlan memory, List<Setting> settings) {
        Experiment experiment = bench.experiment();
        return new Overview(
                experiment.name(),
                experiment.seed(),
                bench.steps(),
                bench.data().entrySet().stream()
                        .map(entry -> source(
                                entry.getKey(),
                                experiment.data().get(entry.getKey()).id(),
                                entry.getValue()))
                        .toList(),
                tokens(experiment),
                bench.models().entrySet().stream()
                        .map(entry -> net(bench, entry.getKey(), entry.getValue()))
                        .toList(),
                bench.stages().stream()
                        .map(stage -> part(bench, stage, memory, settings))
                        .toList(),
                IntStream.range(0, experiment.samples().size())
                        .mapToObj(i -> drawn(
                                experiment.samples().get(i),
                                bench.wirings().samplers().get(i),
                                settings))
                        .toList(),
                IntStream.range(0, experiment.metrics().size())
                        .mapToObj(i -> judge(bench, i, settings))
                        .toList(),
                experiment.criteria().stream().map(Criterion::text).toList());
    }

    private static Source source(String name, String id, Dataset dataset) {
        return new Source(
                name,
                id,
                dataset.fields().stream().map(Signature.Port::toString).toList(),
                new TreeMap<>(dataset.dimensions().extents()),
                dataset.held().memory(),
                dataset.held().files());
    }

    private static Tokens tokens(Experiment experiment) {
        if (experiment.tokenizer() == null) {
            return null;
        }
        String fit = experiment.tokenizer().fit();
        return new Tokens(
                experiment.tokenizer().seat().id(),
                fit.isEmpty() ? experiment.data().keySet().iterator().next() : fit);
    }

    private static Net net(Workbench bench, String name, Model model) {
        StartPlan start = bench.experiment().start().get(name);
        return new Net(
                name,
                bench.experiment().allModels().get(name).seat().id(),
                model.signature().toString(),
                count(model.parameters()),
                count(model.statistics()),
                model.states().stream()
                        .mapToLong(parameter -> parameter.shape().bytes())
                        .sum(),
                bench.stages().stream()
                        .filter(stage -> isTrained(bench, stage, name))
                        .map(stage -> stage.plan().name())
                        .toList(),
                start == null
                        ? ""
                        : start.run()
                                + (start.step() < 0 ? "" : " step " + start.step())
                                + (start.model().isEmpty() ? "" : " " + start.model()));
    }

    private static long count(List<Parameter> parameters) {
        return parameters.stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }

    /** Whether a program of a phase writes parameters of a model. */
    private static boolean isTrained(Workbench bench, Stage stage, String model) {
        List<String> parameters = bench.models().get(model).parameters().stream()
                .map(Parameter::name)
                .toList();
        return wiring(bench, stage).models().entrySet().stream()
                .filter(role -> role.getValue().equals(ModelRef.of(model)))
                .anyMatch(role -> bench.programs(stage).values().stream()
                        .flatMap(program -> program.program().updates().keySet().stream())
                        .anyMatch(state -> state.startsWith(role.getKey() + "/")
                                && parameters.contains(
                                        state.substring(role.getKey().length() + 1))));
    }

    private static Wiring wiring(Workbench bench, Stage stage) {
        return bench.wirings().phases().get(stage.place());
    }

    private static Part part(Workbench bench, Stage stage, MemoryPlan memory, List<Setting> settings) {
        PhasePlan plan = stage.plan();
        return new Part(
                plan.name(),
                plan.seat().id(),
                plan.steps(),
                seats(settings, plan.seat().path()),
                wiring(bench, stage).data(),
                models(wiring(bench, stage)),
                plan.start(),
                names(stage.seat().measures()),
                memory.phases().get(plan.name()));
    }

    private static Drawn drawn(SamplePlan plan, Wiring wiring, List<Setting> settings) {
        List<String> at =
                new ArrayList<>(plan.at().stream().map(Moment::toString).toList());
        if (!at.contains("end")) {
            at.add("end");
        }
        return new Drawn(
                plan.name(),
                plan.seat().id(),
                seats(settings, plan.seat().path()),
                wiring.data(),
                models(wiring),
                at,
                plan.count());
    }

    private static Judge judge(Workbench bench, int place, List<Setting> settings) {
        MetricPlan plan = bench.experiment().metrics().get(place);
        Wiring wiring = bench.wirings().metrics().get(place);
        return new Judge(
                plan.seat().id(),
                seats(settings, plan.seat().path()),
                bench.experiment().judged(plan),
                wiring.data(),
                models(wiring),
                names(bench.seating().metrics().get(place).measures()));
    }

    private static List<String> names(List<Measure> measures) {
        return measures.stream().map(Measure::name).toList();
    }

    private static Map<String, String> models(Wiring wiring) {
        Map<String, String> models = new LinkedHashMap<>();
        wiring.models().forEach((formal, ref) -> models.put(formal, ref.toString()));
        return models;
    }

    /** Plugins in the settings of one, by where they stand in it. */
    private static Map<String, String> seats(List<Setting> settings, String path) {
        String end = ".id";
        Map<String, String> seats = new LinkedHashMap<>();
        for (Setting setting : settings) {
            String place = setting.place();
            if (place.startsWith(path + ".") && place.endsWith(end) && place.length() > path.length() + end.length()) {
                seats.put(
                        place.substring(path.length() + 1, place.length() - end.length()),
                        setting.value().replace("\"", ""));
            }
        }
        return seats;
    }
}
