package org.kolotoc.engine.compare;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.json.StrictJson;

/**
 * The two sides of a comparison. Each is an experiment, in a file or here, or what it changes in one that is common to both:
 *
 * <pre>
 * "experiment": {...} or "path.json",
 * "sides": {"gan": {"set": {"phases.+": {...}}}, "diffusion": {"experiment": "other.json"}}
 * </pre>
 *
 * @param file of the comparison
 * @param sides by name, in their order
 */
record Sides(Path file, Map<String, Side> sides) {
    static final String COMMON = "experiment";
    static final String FIELD = "sides";

    /** Fields of a comparison that are read here. */
    static final List<String> FIELDS = List.of(COMMON, FIELD);

    private static final String CHANGES = "set";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    /**
     * A side.
     *
     * @param experiment path of a file, or the experiment itself
     * @param at where that stands: {@code $.experiment}
     * @param changes by their places, as {@code --set} takes them
     */
    record Side(JsonElement experiment, String at, Map<String, JsonElement> changes) {}

    /** Their fields in a JSON Schema. */
    static Map<String, JsonObject> schema() {
        JsonObject experiment = StrictJson.parse("""
            {"type": ["string", "object"], "description": "path of an experiment, or the experiment itself"}
            """).getAsJsonObject();
        JsonObject sides = StrictJson.parse("""
            {"type": "object", "description": "both sides, by name",
             "additionalProperties": {"type": "object", "additionalProperties": false, "properties": {"set":
             {"type": "object", "description": "changes by their places, as --set takes them: phases.0.steps"}}}}
            """).getAsJsonObject();
        sides.getAsJsonObject("additionalProperties")
                .getAsJsonObject("properties")
                .add(COMMON, experiment);
        Map<String, JsonObject> fields = new LinkedHashMap<>();
        fields.put(COMMON, experiment);
        fields.put(FIELD, sides);
        return fields;
    }

    /** Demands of a schema what is demanded here: both sides, and an experiment for each. */
    static JsonObject required(JsonObject schema) {
        schema.getAsJsonArray("required").add(FIELD);
        schema.add("anyOf", StrictJson.parse("""
            [{"required": ["experiment"]},
             {"properties": {"sides": {"additionalProperties": {"required": ["experiment"]}}}}]
            """));
        return schema;
    }

    /** Takes both from the JSON of a comparison, notes what is wrong. */
    static Sides of(Path file, JsonObject json, Problems problems) {
        Map<String, Side> sides = new LinkedHashMap<>();
        JsonElement common = json.get(COMMON);
        if (json.get(FIELD) instanceof JsonObject named) {
            named.entrySet().forEach(entry -> {
                String path = "$." + FIELD + "." + entry.getKey();
                if (!NAME.matcher(entry.getKey()).matches()) {
                    problems.add(
                            path, "can't name folders; expected small letters, digits and hyphens, a letter first");
                } else if (entry.getValue() instanceof JsonObject side) {
                    side(side, common, path, problems).ifPresent(known -> sides.put(entry.getKey(), known));
                } else {
                    problems.add(path, "is " + entry.getValue() + "; expected an object");
                }
            });
            if (named.size() != 2) {
                problems.add(
                        "$." + FIELD, "has " + named.keySet() + "; expected two sides, {\"a\": {...}, \"b\": {...}}");
            }
        } else {
            problems.add("$." + FIELD, "is missing; expected {\"a\": {\"experiment\": ...}, \"b\": {...}}");
        }
        return new Sides(file, sides);
    }

    private static Optional<Side> side(JsonObject side, JsonElement common, String path, Problems problems) {
        Set<String> known = Set.of(COMMON, CHANGES);
        for (String field : side.keySet()) {
            if (!known.contains(field)) {
                problems.add(
                        path + "." + field,
                        "there is no such field" + Nearest.hint(field, known) + " (known: " + COMMON + ", " + CHANGES
                                + ")");
            }
        }
        JsonElement experiment = side.has(COMMON) ? side.get(COMMON) : common;
        String at = side.has(COMMON) ? path + "." + COMMON : "$." + COMMON;
        boolean named = experiment instanceof JsonPrimitive text && text.isString();
        if (experiment == null) {
            problems.add(
                    path + "." + COMMON,
                    "is missing, and there is none in common (\"" + COMMON + "\" at the top); expected a path or an"
                            + " experiment");
        } else if (!named && !experiment.isJsonObject()) {
            problems.add(at, "is " + experiment + "; expected a path or an experiment");
        }
        Map<String, JsonElement> changes = new LinkedHashMap<>();
        if (side.get(CHANGES) instanceof JsonObject set) {
            set.entrySet().forEach(entry -> changes.put(entry.getKey(), entry.getValue()));
        } else if (side.has(CHANGES)) {
            problems.add(path + "." + CHANGES, "is " + side.get(CHANGES) + "; expected {\"phases.0.steps\": 200, ...}");
        }
        return experiment == null ? Optional.empty() : Optional.of(new Side(experiment, at, changes));
    }

    List<String> names() {
        return new ArrayList<>(sides.keySet());
    }

    /** The name of the side that is not this one. */
    String other(String side) {
        return names().get(names().indexOf(side) == 0 ? 1 : 0);
    }

    /**
     * The experiment of a side.
     *
     * @param disclosed hears of what a copy in a run's folder makes the program read
     * @throws InputError when it is none, naming the side and, where this file says it, the place
     */
    ExperimentFile experiment(String name, long seed, Consumer<String> disclosed) {
        Side side = sides.get(name);
        try {
            ExperimentFile experiment = side.experiment().isJsonObject()
                    ? ExperimentFile.within(file, side.experiment().getAsJsonObject(), side.at())
                    : ExperimentFile.read(
                            file.toAbsolutePath()
                                    .getParent()
                                    .resolve(side.experiment().getAsString()),
                            disclosed);
            side.changes()
                    .forEach((place, value) -> experiment.change(
                            place, value, "$." + FIELD + "." + name + "." + CHANGES + "[\"" + place + "\"]"));
            experiment.set("name", new JsonPrimitive(name));
            experiment.set("seed", new JsonPrimitive(seed));
            experiment.experiment();
            return experiment;
        } catch (InputError e) {
            throw of(name, e);
        }
    }

    /** A fault of a side's experiment. */
    InputError of(String name, InputError fault) {
        return InputError.of("the side \"" + name + "\" of " + file + ": " + fault.getMessage(), fault.next(), fault);
    }
}
