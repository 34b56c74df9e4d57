package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;

/**
 * A place in the JSON of an experiment, as the command line names it: names, and in lists numbers, names of their elements,
 * or {@code +} for one more.
 *
 * @param within the object or list that it is in
 * @param last name or number in it
 */
record Place(JsonElement within, String last, String option) {
    private static final String MORE = "+";

    /**
     * Finds a place.
     *
     * @param assignment {@code path=value}
     * @throws InputError when there is none of that path; names what is there
     */
    static Place of(JsonObject json, String assignment) {
        int equals = assignment.indexOf('=');
        String[] steps = assignment.substring(0, Math.max(0, equals)).split("\\.", -1);
        if (List.of(steps).contains("")) {
            throw InputError.of("--set " + assignment + ": expected path=value, such as phases.0.steps=200", "");
        }
        String option = "--set " + String.join(".", steps);
        JsonElement at = json;
        for (int i = 0; i < steps.length - 1; i++) {
            at = step(at, steps[i], option);
        }
        return new Place(at, steps[steps.length - 1], option);
    }

    /** Puts a value there. */
    void put(JsonElement value) {
        if (within instanceof JsonObject object) {
            object.add(last, value);
        } else if (last.equals(MORE)) {
            within.getAsJsonArray().add(value);
        } else {
            JsonArray array = within.getAsJsonArray();
            array.set(index(array, last, option), value);
        }
    }

    /** Takes away the field that is there, if there is one. */
    void clear() {
        within.getAsJsonObject().remove(last);
    }

    private static JsonElement step(JsonElement at, String step, String option) {
        JsonElement next = switch (at) {
            case JsonObject object -> object.get(step);
            case JsonArray array -> array.get(index(array, step, option));
            default -> null;
        };
        if (next == null || !next.isJsonObject() && !next.isJsonArray()) {
            String known = at instanceof JsonObject object && !object.isEmpty()
                    ? Nearest.hint(step, object.keySet()) + " (there are " + String.join(", ", object.keySet()) + ")"
                    : "";
            throw InputError.of(option + ": the experiment has no object or list '" + step + "'" + known, "");
        }
        return next;
    }

    /** Of an element by its number, its name, or its id where that is the only one. */
    private static int index(JsonArray array, String step, String option) {
        Optional<Integer> found = step.matches("\\d{1,9}") && Integer.parseInt(step) < array.size()
                ? Optional.of(Integer.parseInt(step))
                : only(array, i -> step.equals(text(array.get(i), "name")))
                        .or(() -> only(array, i -> step.equals(text(array.get(i), "id"))));
        return found.orElseThrow(() -> {
            List<String> names = names(array);
            return InputError.of(
                    option + ": '" + step + "' is no place in a list of " + array.size() + "; expected 0 to "
                            + (array.size() - 1)
                            + (names.isEmpty() ? "" : " or one of " + String.join(", ", names)) + ", or + at the end"
                            + Nearest.hint(step, names),
                    "");
        });
    }

    private static Optional<Integer> only(JsonArray array, IntPredicate fits) {
        List<Integer> found =
                IntStream.range(0, array.size()).filter(fits).boxed().toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static List<String> names(JsonArray array) {
        List<String> names = new ArrayList<>();
        for (JsonElement element : array) {
            String name = text(element, "name");
            String shown = name == null ? text(element, "id") : name;
            if (shown != null) {
                names.add(shown);
            }
        }
        return names;
    }

    private static String text(JsonElement element, String field) {
        return element instanceof JsonObject object && object.get(field) instanceof JsonPrimitive value
                ? value.getAsString()
                : null;
    }
}
