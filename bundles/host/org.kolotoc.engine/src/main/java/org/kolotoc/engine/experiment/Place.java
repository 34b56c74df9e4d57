package org.kolotoc.engine.experiment;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
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
 * @param at JSON path of what it is in: {@code $.phases[0]}
 * @param option who named it, for messages: {@code --set phases.0.steps}
 */
record Place(JsonElement within, String last, String at, String option) {
    private static final String MORE = "+";
    private static final String NEXT = "name a place that is there; ./kolotoc schema shows every field";

    /**
     * Finds a place.
     *
     * @param assignment {@code path=value}
     * @throws InputError when there is none of that path; names what is there
     */
    static Place of(JsonObject json, String assignment) {
        String place = assignment.substring(0, Math.max(0, assignment.indexOf('=')));
        if (List.of(place.split("\\.", -1)).contains("")) {
            throw InputError.of("--set " + assignment + ": expected path=value, such as phases.0.steps=200", NEXT);
        }
        return of(json, place, "--set " + place);
    }

    /**
     * The same.
     *
     * @param place without a value
     * @param option who names it, for messages
     */
    static Place of(JsonObject json, String place, String option) {
        String[] steps = place.split("\\.", -1);
        if (List.of(steps).contains("")) {
            throw InputError.of(
                    option + ": \"" + place
                            + "\" is no place; expected names with dots between, such as phases.0.steps",
                    NEXT);
        }
        JsonElement at = json;
        String path = "$";
        for (int i = 0; i < steps.length - 1; i++) {
            String before = path;
            path = path(at, path, steps[i], option);
            at = step(at, before, steps[i], option);
        }
        return new Place(at, steps[steps.length - 1], path, option);
    }

    private static String path(JsonElement at, String path, String step, String option) {
        return at instanceof JsonArray array ? path + "[" + index(array, path, step, option) + "]" : path + "." + step;
    }

    /** Its JSON path: {@code $.phases[0].steps}. */
    String path() {
        return within instanceof JsonArray array && last.equals(MORE)
                ? at + "[" + array.size() + "]"
                : path(within, at, last, option);
    }

    /** What is there; null where nothing is. */
    JsonElement value() {
        return switch (within) {
            case JsonObject object -> object.get(last);
            case JsonArray array when !last.equals(MORE) -> array.get(index(array, at, last, option));
            default -> null;
        };
    }

    /** Puts a value there. */
    void put(JsonElement value) {
        if (within instanceof JsonObject object) {
            object.add(last, value);
        } else if (last.equals(MORE)) {
            within.getAsJsonArray().add(value);
        } else {
            JsonArray array = within.getAsJsonArray();
            array.set(index(array, at, last, option), value);
        }
    }

    /** Takes away the field that is there, if there is one. */
    void clear() {
        within.getAsJsonObject().remove(last);
    }

    private static JsonElement step(JsonElement at, String path, String step, String option) {
        JsonElement next = switch (at) {
            case JsonObject object -> object.get(step);
            case JsonArray array -> array.get(index(array, path, step, option));
            default -> null;
        };
        if (next == null || !next.isJsonObject() && !next.isJsonArray()) {
            String known = at instanceof JsonObject object && !object.isEmpty()
                    ? Nearest.hint(step, object.keySet()) + " (there are " + String.join(", ", object.keySet()) + ")"
                    : "";
            throw InputError.of(option + ": the experiment has no object or list '" + step + "'" + known, NEXT);
        }
        return next;
    }

    /** Of an element by its number, what the experiment calls it, or its id where that is the only one. */
    private static int index(JsonArray array, String path, String step, String option) {
        List<String> names = Names.in(array, path);
        Optional<Integer> found = step.matches("\\d{1,9}") && Integer.parseInt(step) < array.size()
                ? Optional.of(Integer.parseInt(step))
                : only(array, i -> step.equals(names.get(i)))
                        .or(() -> only(array, i -> step.equals(Names.text(array.get(i), "id"))));
        return found.orElseThrow(() -> {
            names.removeIf(String::isEmpty);
            return InputError.of(
                    option + ": '" + step + "' is no place in "
                            + (array.isEmpty()
                                    ? "an empty list; expected + to append to it"
                                    : "a list of " + array.size() + "; expected 0 to " + (array.size() - 1)
                                            + (names.isEmpty() ? "" : " or one of " + String.join(", ", names))
                                            + ", or + at the end" + Nearest.hint(step, names)),
                    NEXT);
        });
    }

    private static Optional<Integer> only(JsonArray array, IntPredicate fits) {
        List<Integer> found =
                IntStream.range(0, array.size()).filter(fits).boxed().toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
}
