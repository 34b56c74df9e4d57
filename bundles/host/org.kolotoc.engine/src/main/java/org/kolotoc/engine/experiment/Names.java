package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The names in an experiment: that everybody has one, no two of a kind the same one, and that whoever is referred to is
 * there.
 */
public final class Names {
    /** Neither '@' nor ':' nor '/' nor '.', which part names from something else. */
    private static final Pattern FORM = Pattern.compile("[\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}_-]{0,99}");

    private final Experiment experiment;
    private final Problems problems;

    private Names(Experiment experiment, Problems problems) {
        this.experiment = experiment;
        this.problems = problems;
    }

    /**
     * Gives those without a name their id's, with {@code -2} for the second of an id. What one is called depends on those before
     * it alone: a later one that is given its name is refused, and renames nobody.
     */
    static <T> List<T> named(
            List<T> plans, Function<T, String> name, Function<T, String> id, BiFunction<T, String, T> with) {
        Set<String> taken = new HashSet<>();
        List<T> named = new ArrayList<>();
        for (T plan : plans) {
            String given = name.apply(plan);
            taken.add(given);
            for (int i = 1; given.isEmpty(); i++) {
                String next = id.apply(plan) + (i == 1 ? "" : "-" + i);
                given = taken.add(next) ? next : "";
            }
            named.add(with.apply(plan, given));
        }
        return List.copyOf(named);
    }

    /**
     * What the elements of a list are called; empty for what is neither named nor a plugin.
     *
     * @param path of the list: {@code $.phases}
     */
    public static List<String> in(JsonArray array, String path) {
        String standard = idOf(path);
        List<JsonElement> plugins = new ArrayList<>();
        for (JsonElement element : array) {
            if (element.isJsonObject() && !id(element, standard).isEmpty()) {
                plugins.add(element);
            }
        }
        Map<JsonElement, String> names = new IdentityHashMap<>();
        // Numbered as the plans that are made of them.
        named(plugins, element -> text(element, "name"), element -> id(element, standard), (element, name) -> {
            names.put(element, name);
            return element;
        });
        List<String> all = new ArrayList<>();
        array.forEach(element -> all.add(names.getOrDefault(element, text(element, "name"))));
        return all;
    }

    private static String id(JsonElement element, String standard) {
        return text(element, "id").isEmpty() ? standard : text(element, "id");
    }

    /** The id of those in a list of the experiment that have none. */
    private static String idOf(String path) {
        return Arrays.stream(Experiment.class.getRecordComponents())
                .filter(component -> path.equals("$." + component.getName())
                        && component.getGenericType() instanceof ParameterizedType)
                .flatMap(component ->
                        Arrays.stream(((ParameterizedType) component.getGenericType()).getActualTypeArguments()))
                .filter(type -> type instanceof Class<?> plan && plan.isRecord())
                .flatMap(plan -> Arrays.stream(((Class<?>) plan).getRecordComponents()))
                .filter(Binder::isRest)
                .map(component -> component.getAnnotation(Rest.class).id())
                .findFirst()
                .orElse("");
    }

    /** A text in an object; empty where there is none. */
    static String text(JsonElement element, String field) {
        return element instanceof JsonObject object && object.get(field) instanceof JsonPrimitive value
                ? value.getAsString()
                : "";
    }

    /** Notes what is wrong with the names of an experiment. */
    static void check(Experiment experiment, Problems problems) {
        Names names = new Names(experiment, problems);
        names.forms();
        names.unique("phases", experiment.phases().stream().map(PhasePlan::name).toList());
        names.unique(
                "samples", experiment.samples().stream().map(SamplePlan::name).toList());
        names.references();
    }

    private void forms() {
        experiment.data().keySet().forEach(name -> form(name, "$.data." + name));
        experiment.allModels().forEach((name, plan) -> form(name, plan.seat().path()));
        experiment.phases().forEach(phase -> listed(phase.name(), phase.seat().path() + ".name"));
        experiment.samples().forEach(plan -> listed(plan.name(), plan.seat().path() + ".name"));
    }

    /** In a list a number is a place, and {@code end} is a moment. */
    private void listed(String name, String path) {
        form(name, path);
        if (name.equals("end") || name.chars().allMatch(Character::isDigit)) {
            problems.add(
                    path,
                    "is \"" + Printable.cut(name, 60) + "\", which means a place or a moment elsewhere; expected a name"
                            + " that is no number and not \"end\"");
        }
    }

    private void form(String name, String path) {
        if (!FORM.matcher(name).matches()) {
            problems.add(
                    path,
                    "the name \"" + Printable.cut(name, 60)
                            + "\" is none; expected 1 to 100 letters, digits, '-' and '_', the first a letter or"
                            + " digit");
        }
    }

    private void unique(String field, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            int first = names.indexOf(names.get(i));
            if (first < i) {
                problems.add(
                        "$." + field + "[" + i + "].name",
                        "is \"" + names.get(i) + "\" again (see $." + field + "[" + first
                                + "]); expected a name of its own");
            }
        }
    }

    private void references() {
        Set<String> data = experiment.data().keySet();
        Set<String> models = experiment.allModels().keySet();
        if (experiment.tokenizer() != null) {
            known("data", experiment.tokenizer().fit(), data, "$.tokenizer.fit");
        }
        experiment
                .allModels()
                .values()
                .forEach(plan -> known("data", plan.data(), data, plan.seat().path() + ".data"));
        experiment.start().keySet().forEach(model -> given("model", model, models, "$.start." + model));
        for (int i = 0; i < experiment.phases().size(); i++) {
            PhasePlan phase = experiment.phases().get(i);
            String path = phase.seat().path();
            data(phase.data(), path + ".data");
            models(phase.models(), path + ".models", i);
            starts(phase, path + ".start", i);
            if (phase.adapter() != null) {
                known(
                        "model",
                        phase.adapter().model(),
                        models,
                        phase.adapter().seat().path() + ".model");
            }
        }
        for (SamplePlan plan : experiment.samples()) {
            data(plan.data(), plan.seat().path() + ".data");
            models(
                    plan.model(),
                    plan.seat().path() + ".model",
                    experiment.phases().size());
            for (int i = 0; i < plan.at().size(); i++) {
                phase(plan.at().get(i), plan.seat().path() + ".at[" + i + "]");
                there(plan.model(), plan.at().get(i), plan.seat().path() + ".at[" + i + "]");
            }
        }
        Set<String> samples = new HashSet<>();
        experiment.samples().forEach(plan -> samples.add(plan.name()));
        for (MetricPlan plan : experiment.metrics()) {
            known("samples", plan.samples(), samples, plan.seat().path() + ".samples");
            data(plan.data(), plan.seat().path() + ".data");
            models(
                    plan.models(),
                    plan.seat().path() + ".models",
                    experiment.phases().size());
            experiment.samples().stream()
                    .filter(judged -> judged.name().equals(experiment.judged(plan)))
                    .flatMap(judged -> judged.at().stream())
                    .forEach(at -> there(plan.models(), at, plan.seat().path() + ".models"));
        }
        moments();
    }

    private void moments() {
        List<Moment> at = experiment.evaluate() == null
                ? experiment.evaluateAt()
                : experiment.evaluate().at();
        for (int i = 0; i < at.size(); i++) {
            phase(at.get(i), (experiment.evaluate() == null ? "$.evaluateAt[" : "$.evaluate.at[") + i + "]");
        }
        for (int i = 0; i < experiment.criteria().size(); i++) {
            String path = "$.criteria[" + i + "]";
            experiment.criteria().get(i).readings().forEach((place, reading) -> {
                if (reading.at() != null) {
                    read(reading.at(), path + place + ".at");
                }
            });
        }
    }

    private void phase(Moment moment, String path) {
        known("phase", moment.phase(), phases(experiment.phases().size()), path);
    }

    /** Where nothing is drawn or measured, nothing can be read. */
    private void read(Moment moment, String path) {
        phase(moment, path);
        experiment.phases().stream()
                .filter(phase -> phase.name().equals(moment.phase()) && moment.step() > phase.steps())
                .forEach(phase -> problems.add(
                        path,
                        "is \"" + moment + "\", but the phase takes " + phase.steps()
                                + " steps; expected at most that"));
    }

    private List<String> phases(int count) {
        return experiment.phases().subList(0, count).stream()
                .map(PhasePlan::name)
                .toList();
    }

    private void data(Map<String, String> bound, String path) {
        bound.forEach((formal, name) ->
                given("data", name, experiment.data().keySet(), formal.isEmpty() ? path : path + "." + formal));
    }

    /** @param at place of the phase that refers to models, which may be those of earlier phases */
    private void models(Map<String, String> bound, String path, int at) {
        bound.forEach((formal, text) -> model(text, formal.isEmpty() ? path : path + "." + formal, at));
    }

    private void model(String text, String path, int at) {
        ModelRef ref = ModelRef.of(text);
        given("model", ref.model(), experiment.allModels().keySet(), path);
        if (ref.frozen() && !phases(at).contains(ref.phase())) {
            problems.add(
                    path,
                    phases(experiment.phases().size()).contains(ref.phase())
                            ? "is \"" + text + "\", but the phase '" + ref.phase()
                                    + "' does not end before this one begins"
                            : "is \"" + text + "\", but there is no phase '" + ref.phase() + "'"
                                    + Nearest.hint(ref.phase(), phases(at)) + " (before it are "
                                    + String.join(", ", phases(at)) + ")");
        }
    }

    /** Notes weights that are there only after a moment at which they are looked at. */
    private void there(Map<String, String> bound, Moment at, String path) {
        Timeline timeline = Timeline.of(experiment);
        List<String> known = phases(experiment.phases().size());
        if (!at.phase().isEmpty() && !known.contains(at.phase())) {
            return;
        }
        bound.values().stream()
                .map(ModelRef::of)
                .filter(ref -> ref.frozen() && known.contains(ref.phase()))
                .filter(ref -> timeline.step(at) < timeline.end(timeline.place(ref.phase())))
                .forEach(ref -> problems.add(
                        path,
                        "at " + at + " there is no \"" + ref + "\" yet; expected " + ref.phase() + ":end or later"));
    }

    private void starts(PhasePlan phase, String path, int at) {
        phase.start().forEach((model, text) -> {
            given("model", model, experiment.allModels().keySet(), path + "." + model);
            model(text, path + "." + model, at);
            if (!ModelRef.of(text).frozen()) {
                problems.add(
                        path + "." + model,
                        "is \"" + text + "\"; expected weights that are no longer trained: \"" + text + "@<phase>\"");
            }
        });
    }

    /** Nothing said is the empty name. */
    private void known(String kind, String name, Collection<String> known, String path) {
        if (!name.isEmpty()) {
            given(kind, name, known, path);
        }
    }

    private void given(String kind, String name, Collection<String> known, String path) {
        if (!known.contains(name)) {
            problems.add(
                    path,
                    "there is no " + kind + " '" + Printable.cut(name, 60) + "'" + Nearest.hint(name, known)
                            + " (there " + (known.isEmpty() ? "are none" : "is " + String.join(", ", known)) + ")");
        }
    }
}
