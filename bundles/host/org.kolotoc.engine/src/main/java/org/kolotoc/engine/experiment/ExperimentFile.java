package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.json.StrictJson;

/** Reads an experiment file and what the command line changes in it. */
public final class ExperimentFile {
    /** Letters of any script, with the marks that belong to them. */
    private static final Pattern NAME = Pattern.compile("(?![. ])[\\p{L}\\p{M}\\p{Nd} _.-]{1,100}");

    /** A file system takes 255 for a name; seed and time come behind it. */
    private static final int NAME_BYTES = 200;

    /** What files say that compare experiments. */
    public static final String COMPARISON = "kolotoc.comparison/1";

    /** In the place of an option's name. */
    private static final String OPTIONS = "";

    private final Path path;
    private final Origin origin;
    private final JsonObject json;
    /** Changes of the command line, in order. */
    private final List<Assignment> assignments = new ArrayList<>();

    /** What people typed, by the JSON path of what it became. */
    private final Map<String, String> typed = new HashMap<>();

    /** What people could type, by the JSON path of what it would become. */
    private final Map<String, String> offered = new HashMap<>();

    /** Where the file that it stands in says something of it, by the JSON path of what that became. */
    private final Map<String, String> within = new HashMap<>();

    private ExperimentFile(Path path, Origin origin, JsonObject json) {
        this.path = path;
        this.origin = origin;
        this.json = json;
    }

    /**
     * Reads a file.
     *
     * @throws InputError when it is not there or is not a JSON object; says where
     */
    public static ExperimentFile read(Path path) {
        return read(path, _ -> {});
    }

    /**
     * The same.
     *
     * @param disclosed hears of files that the copy in somebody's run folder makes the program read, before it does
     */
    public static ExperimentFile read(Path path, Consumer<String> disclosed) {
        JsonObject json = JsonText.read(path, "experiment");
        if (new JsonPrimitive(COMPARISON).equals(json.get("schema"))) {
            throw InputError.of(
                    path + " is a comparison, and no experiment", "./kolotoc compare " + Printable.word(path));
        }
        return new ExperimentFile(path, Origin.of(path, disclosed), json);
    }

    /**
     * One that stands within another file.
     *
     * @param path of that file, from whose folder paths count
     * @param at where it stands there: {@code $.experiment}
     */
    public static ExperimentFile within(Path path, JsonObject json, String at) {
        ExperimentFile file = new ExperimentFile(path, Origin.of(path, _ -> {}), json.deepCopy());
        file.within.put("$", at);
        return file;
    }

    /** The same experiment, to be changed apart from this one. */
    public ExperimentFile copy() {
        return new ExperimentFile(path, origin, json());
    }

    /**
     * Changes a value as the command line does: {@code phases.0.steps=200}, by the name in place of the number {@code
     * phases.rlhf.steps=200}; {@code phases.+={"id": ...}} appends to a list. The value is JSON, or a text if it isn't.
     */
    public void set(String assignment) {
        assign("--set", assignment);
    }

    /** The same where other options of a command said so; messages about the experiment don't show it as it was typed. */
    public void option(String assignment) {
        assign(OPTIONS, assignment);
    }

    /**
     * The same, see {@link #typed}.
     *
     * @param as the option
     */
    public void option(String assignment, String as) {
        option(assignment);
        typed.put(assignments.getLast().path(), as);
    }

    /**
     * Says what people typed where it has something: messages name that, and not a place of which they know nothing. What is
     * within a part of it is named after it, but what is within a field at the top by its own path.
     *
     * @param path as in JSON, without the dollar: {@code samples.decoder.topK}
     * @param as an option, {@code --top-k}, or an argument in words
     */
    public void typed(String path, String as) {
        typed.put("$." + path, as);
    }

    /**
     * Says which option would set a field: of who typed another that does not fit there.
     *
     * @param place as in {@link #set(String)}: {@code samples.0.prompt}
     */
    public void offer(String place, String option) {
        offered.put(Place.of(json, place, option).path(), option);
    }

    /** What people call the place with a JSON path: what they typed there, else the path itself. */
    public String place(String path) {
        if (typed.containsKey(path)) {
            return typed.get(path);
        }
        return typed.keySet().stream()
                .filter(outer -> (outer.lastIndexOf('.') > 1 || outer.endsWith("]")) && Assignment.covers(outer, path))
                .max(Comparator.comparing(String::length))
                .map(outer -> typed.get(outer) + path.substring(outer.length()))
                .orElseGet(() -> within.keySet().stream()
                        .filter(outer -> Assignment.covers(outer, path))
                        .max(Comparator.comparing(String::length))
                        .map(outer -> within.get(outer) + path.substring(outer.length()))
                        .orElse(path));
    }

    /** To note what is wrong with it, with places as people typed them. */
    public Problems problems() {
        String next = typed.isEmpty()
                ? "mend that, then run the command again; ./kolotoc schema shows every field"
                : "mend that, then type the command again; --help lists its options";
        return new Problems(source(), next, this::place, typed.isEmpty() ? Map.of() : offered);
    }

    private void assign(String option, String assignment) {
        Place place = Place.of(json, assignment);
        Optional<JsonElement> was = Optional.ofNullable(place.value());
        assignments.add(new Assignment(option, assignment, place.path(), was));
        place.put(value(assignment.substring(assignment.indexOf('=') + 1)));
    }

    /**
     * An object that nothing but the command line says anything of: {@code --set name=value}.
     *
     * @param assignments as in {@link #set(String)}
     */
    public static JsonObject assigned(List<String> assignments) {
        JsonObject json = new JsonObject();
        for (String assignment : assignments) {
            Place.of(json, assignment).put(value(assignment.substring(assignment.indexOf('=') + 1)));
        }
        return json;
    }

    /** Puts back what a path of {@link #set(String)} held before; null where it was not there. */
    public void restore(String path, JsonElement was) {
        if (was != null) {
            set(path + "=" + was);
        } else {
            Place.of(json, path + "=").clear();
        }
    }

    /** Sets a field at the top, as an option of the command line does that is there for it: {@code --seed}. */
    public void set(String option, String field, JsonPrimitive value) {
        assignments.add(
                new Assignment(option, value.getAsString(), "$." + field, Optional.ofNullable(json.get(field))));
        json.add(field, value);
    }

    /** Sets a field at the top. */
    public void set(String field, JsonElement value) {
        json.add(field, value);
    }

    /**
     * Changes a value, as the file that the experiment stands in says.
     *
     * @param place as in {@link #set(String)}: {@code phases.0.steps}
     * @param at where that file says so: {@code $.sides.a.set["phases.0.steps"]}
     */
    public void change(String place, JsonElement value, String at) {
        Place found = Place.of(json, place, at);
        within.put(found.path(), at);
        found.put(value.deepCopy());
    }

    /** Puts a text alone into a list of an object at the top; messages about the experiment don't show it. */
    public void fill(String object, String list, String text) {
        JsonArray texts = new JsonArray();
        texts.add(text);
        json.getAsJsonObject(object).add(list, texts);
    }

    /** Takes a field at the top away, if it is there. */
    public void remove(String field) {
        json.remove(field);
    }

    /** Whether a field at the top is a list. */
    public boolean isList(String field) {
        return has(field) && json.get(field).isJsonArray();
    }

    /** Whether there is a field at the top that is not null. */
    public boolean has(String field) {
        return json.has(field) && !json.get(field).isJsonNull();
    }

    private static JsonElement value(String text) {
        try {
            return StrictJson.parse(text);
        } catch (JsonParseException _) {
            return new JsonPrimitive(text);
        }
    }

    /**
     * The experiment.
     *
     * @throws InputError with every fault
     */
    public Experiment experiment() {
        return experiment(true);
    }

    /** The same where nothing is to be trained: it may have no phase. */
    public Experiment untrained() {
        return experiment(false);
    }

    private Experiment experiment(boolean trained) {
        CriteriaFile.inline(json, origin);
        Problems problems = problems();
        Experiment experiment = new Binder(problems).bind(Experiment.class, json, "$");
        if (json.get("schema") instanceof JsonPrimitive schema
                && !schema.getAsString().equals(Experiment.SCHEMA)) {
            problems.add("$.schema", "is " + schema + "; expected \"" + Experiment.SCHEMA + "\"");
        }
        if (experiment != null && experiment.allModels().isEmpty()) {
            problems.add("$.model", "is missing; expected an object with an \"id\"");
        }
        if (experiment != null && trained && experiment.phases().isEmpty()) {
            problems.add("$.phases", "is empty; expected at least one phase");
        }
        if (experiment != null) {
            checkName(json, problems);
            checkOnce(experiment, problems);
            checkMetrics(experiment, problems);
            Names.check(experiment, problems);
        }
        problems.refuse();
        if (json.has("name")) {
            return experiment;
        }
        json.addProperty("name", nameOf(path));
        return new Binder(problems).bind(Experiment.class, json, "$");
    }

    /** Notes a name that can't be that of a folder, which it becomes. */
    public static void checkName(JsonObject json, Problems problems) {
        if (json.get("name") instanceof JsonPrimitive name
                && !(NAME.matcher(name.getAsString()).matches()
                        && name.getAsString().getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES)) {
            String shown = name.toString();
            problems.add(
                    "$.name",
                    "is " + (shown.length() > 120 ? shown.substring(0, 117) + "..." : shown)
                            + ", which can't name a folder; expected 1 to 100 letters (at most " + NAME_BYTES
                            + " bytes), digits, spaces, '-', '_' and '.', the first no '.' or space");
        }
    }

    /** What has an older and a newer name is said once. */
    private static void checkOnce(Experiment experiment, Problems problems) {
        if (experiment.evaluate() != null
                && (experiment.evaluateEvery() > 0 || !experiment.evaluateAt().isEmpty())) {
            problems.add("$.evaluate", "is given, and an older way to say it too; expected one of the two");
        }
        if (experiment.model() != null && experiment.models().containsKey(Experiment.MODEL)) {
            problems.add("$.models.model", "is a model of that name again (see $.model); expected every name once");
        }
        for (int i = 0; i < experiment.criteria().size(); i++) {
            Criterion criterion = experiment.criteria().get(i);
            if (criterion.at() != null && criterion.step() >= 0) {
                problems.add("$.criteria[" + i + "].at", "is given, and \"step\" too; expected one of the two");
            }
        }
    }

    private static void checkMetrics(Experiment experiment, Problems problems) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < experiment.metrics().size(); i++) {
            String id = experiment.metrics().get(i).seat().id();
            Integer before = seen.putIfAbsent(id, i);
            if (before != null) {
                problems.add(
                        "$.metrics[" + i + "]",
                        "is \"" + id + "\" again (see $.metrics[" + before
                                + "]); both would measure under one name, expected every metric once");
            }
        }
    }

    /** The file's name without its ending, as far as it can be an experiment's. */
    public static String nameOf(Path path) {
        String name = path.getFileName()
                .toString()
                .replaceAll("\\.json$", "")
                .replaceAll("[^\\p{L}\\p{M}\\p{Nd} _.-]", "-")
                .replaceAll("^[. ]+", "");
        return NAME.matcher(name).matches() && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES
                ? name
                : "experiment";
    }

    public Path path() {
        return path;
    }

    /** What relative paths in it count from. */
    public Origin origin() {
        return origin;
    }

    /** Where a fault may come from: the file, and what the command line changed. */
    public String source() {
        String sets = assignments.stream()
                .filter(assignment -> assignment.option().equals("--set"))
                .map(assignment -> " " + assignment)
                .collect(Collectors.joining());
        boolean more =
                assignments.stream().anyMatch(assignment -> assignment.option().equals(OPTIONS));
        String options = more ? (sets.isEmpty() ? "" : " and") + " the options of this command" : "";
        return sets.isEmpty() && !more ? path.toString() : path + " with" + sets + options;
    }

    /** What the command line changed, in order. */
    public List<Assignment> assignments() {
        return List.copyOf(assignments);
    }

    /** The JSON with all changes. */
    public JsonObject json() {
        return json.deepCopy();
    }

    /** Whether both are the same but for what they run on. */
    public boolean trainsAs(ExperimentFile other) {
        JsonObject mine = json();
        JsonObject others = other.json();
        mine.remove("backend");
        others.remove("backend");
        return mine.equals(others);
    }
}
