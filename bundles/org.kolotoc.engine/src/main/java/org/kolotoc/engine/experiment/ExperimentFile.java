package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.InputError;

/** Reads an experiment file and what the command line changes in it. */
public final class ExperimentFile {
    private final Path path;
    private final JsonObject json;
    /** Changes of the command line, as they were given. */
    private final List<String> sets = new ArrayList<>();

    private ExperimentFile(Path path, JsonObject json) {
        this.path = path;
        this.json = json;
    }

    /**
     * Reads a file.
     *
     * @throws InputError when it is not there or is not a JSON object; says where
     */
    public static ExperimentFile read(Path path) {
        return read(path, "experiment");
    }

    /** The same for another file of JSON; {@code what} it is goes into messages. */
    static ExperimentFile read(Path path, String what) {
        String text;
        try {
            text = Files.readString(path);
        } catch (CharacterCodingException e) {
            throw InputError.of(path + " is not a UTF-8 text; expected a JSON file: the " + what, "", e);
        } catch (IOException e) {
            throw InputError.of(
                    "the " + what + " " + path + " can't be read"
                            + (Files.exists(path) ? ": " + e.getMessage() : ": there is no such file"),
                    what.equals("experiment")
                            ? "give the path of an experiment: ./kolotoc run examples/experiments/first.json"
                            : "name a file that is there, seen from the experiment's folder",
                    e);
        }
        return new ExperimentFile(path, parse(text, path));
    }

    private static JsonObject parse(String text, Path path) {
        try {
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            JsonElement root = JsonParser.parseReader(reader);
            UniqueFields.check(text);
            if (root.isJsonObject()) {
                return root.getAsJsonObject();
            }
            throw InputError.of(
                    path + " holds no JSON object; expected {\"schema\": \"" + Experiment.SCHEMA + "\", ...}", "");
        } catch (JsonParseException e) {
            Throwable deepest = e.getCause() == null ? e : e.getCause();
            String where = deepest.getMessage() == null
                    ? ""
                    : deepest.getMessage().lines().findFirst().orElse("");
            throw InputError.of(path + " is not JSON: " + where, "mend the file at that place", e);
        }
    }

    /** Sets a value as {@code --set phases.0.steps=200} does; the value is JSON, or a text if it isn't. */
    public void set(String assignment) {
        int equals = assignment.indexOf('=');
        String[] steps = assignment.substring(0, Math.max(0, equals)).split("\\.", -1);
        if (List.of(steps).contains("")) {
            throw InputError.of("--set " + assignment + ": expected path=value, such as phases.0.steps=200", "");
        }
        sets.add(assignment);
        JsonElement value = value(assignment.substring(equals + 1));
        JsonElement at = json;
        for (int i = 0; i < steps.length - 1; i++) {
            at = step(at, steps, i);
        }
        String last = steps[steps.length - 1];
        if (at instanceof JsonObject object) {
            object.add(last, value);
        } else {
            JsonArray array = at.getAsJsonArray();
            array.set(index(array, steps, steps.length - 1), value);
        }
    }

    /** Sets a field at the top. */
    public void set(String field, JsonElement value) {
        json.add(field, value);
    }

    /** Whether there is a field at the top that is not null. */
    public boolean has(String field) {
        return json.has(field) && !json.get(field).isJsonNull();
    }

    private static JsonElement value(String text) {
        try {
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            return JsonParser.parseReader(reader);
        } catch (JsonParseException _) {
            return new JsonPrimitive(text);
        }
    }

    private static JsonElement step(JsonElement at, String[] steps, int i) {
        JsonElement next = switch (at) {
            case JsonObject object -> object.get(steps[i]);
            case JsonArray array -> array.get(index(array, steps, i));
            default -> null;
        };
        if (next == null || !next.isJsonObject() && !next.isJsonArray()) {
            String known = at instanceof JsonObject object && !object.isEmpty()
                    ? Nearest.hint(steps[i], object.keySet()) + " (there are " + String.join(", ", object.keySet())
                            + ")"
                    : "";
            throw InputError.of(
                    "--set " + String.join(".", steps) + ": the experiment has no object or list '" + steps[i] + "'"
                            + known,
                    "");
        }
        return next;
    }

    private static int index(JsonArray array, String[] steps, int i) {
        try {
            int index = Integer.parseInt(steps[i]);
            if (index >= 0 && index < array.size()) {
                return index;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw InputError.of(
                "--set " + String.join(".", steps) + ": '" + steps[i] + "' is no place in a list of " + array.size()
                        + "; expected 0 to " + (array.size() - 1),
                "");
    }

    /**
     * The experiment.
     *
     * @throws InputError with every fault
     */
    public Experiment experiment() {
        CriteriaFile.inline(json, path);
        Problems problems = new Problems(source());
        Experiment experiment = new Binder(problems).bind(Experiment.class, json, "$");
        if (json.get("schema") instanceof JsonPrimitive schema
                && !schema.getAsString().equals(Experiment.SCHEMA)) {
            problems.add("$.schema", "is " + schema + "; expected \"" + Experiment.SCHEMA + "\"");
        }
        if (experiment != null && experiment.roles().isEmpty()) {
            problems.add("$.model", "is missing; expected an object with an \"id\"");
        }
        if (experiment != null && experiment.phases().isEmpty()) {
            problems.add("$.phases", "is empty; expected at least one phase");
        }
        problems.refuse();
        if (!experiment.name().isEmpty()) {
            return experiment;
        }
        String file = path.getFileName().toString();
        json.addProperty("name", file.endsWith(".json") ? file.substring(0, file.length() - 5) : file);
        return new Binder(problems).bind(Experiment.class, json, "$");
    }

    public Path path() {
        return path;
    }

    /** Where a fault may come from: the file, and what the command line changed. */
    public String source() {
        return sets.isEmpty() ? path.toString() : path + " with --set " + String.join(" --set ", sets);
    }

    /** The JSON with all changes. */
    public JsonObject json() {
        return json.deepCopy();
    }
}
