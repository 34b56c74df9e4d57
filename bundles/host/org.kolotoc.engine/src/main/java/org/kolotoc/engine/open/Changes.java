package org.kolotoc.engine.open;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;

/**
 * How the experiment of a run that goes on differs from the one it was made with. Allowed is what only steps to come can
 * notice; anything else would make the run folder tell of a past that never was.
 */
public final class Changes {
    private static final Set<String> AHEAD = Set.of(
            "evaluate",
            "evaluateAt",
            "evaluateEvery",
            "samples",
            "metrics",
            "criteria",
            "controls",
            "checkpointEvery",
            "keepCheckpoints",
            "backend",
            "strict");
    private static final int SHOWN = 80;

    /**
     * A value that differs.
     *
     * @param path names and places from the top
     * @param was recorded; null where there was none
     * @param is given; null where there is none any more
     */
    public record Change(List<String> path, JsonElement was, JsonElement is) {
        /** As {@code --set} takes it: {@code phases.0.steps=200}. */
        public String set() {
            return String.join(".", path) + "=" + (is == null ? JsonNull.INSTANCE : is);
        }

        /** {@code $.phases[0].steps}. */
        String place() {
            StringBuilder place = new StringBuilder("$");
            path.forEach(step -> place.append(step.matches("\\d+") ? "[" + step + "]" : "." + step));
            return place.toString();
        }
    }

    private Changes() {}

    /** Every value that differs. */
    public static List<Change> between(JsonObject recorded, JsonObject given) {
        List<Change> changes = new ArrayList<>();
        compare(List.of(), recorded, given, changes);
        return changes;
    }

    private static void compare(List<String> path, JsonElement was, JsonElement is, List<Change> out) {
        if (was instanceof JsonObject before && is instanceof JsonObject after) {
            Set<String> fields = new LinkedHashSet<>(before.keySet());
            fields.addAll(after.keySet());
            fields.forEach(field -> compare(below(path, field), before.get(field), after.get(field), out));
        } else if (was instanceof JsonArray before
                && is instanceof JsonArray after
                && before.size() == after.size()
                && ofObjects(before)) {
            for (int i = 0; i < before.size(); i++) {
                compare(below(path, Integer.toString(i)), before.get(i), after.get(i), out);
            }
        } else if (!same(was, is)) {
            out.add(new Change(path, was, is));
        }
    }

    /** Gson compares numbers as doubles, of which two seeds above 2^53 may be one. */
    private static boolean same(JsonElement was, JsonElement is) {
        if (was instanceof JsonPrimitive before
                && is instanceof JsonPrimitive after
                && before.isNumber()
                && after.isNumber()) {
            try {
                return before.getAsBigDecimal().compareTo(after.getAsBigDecimal()) == 0;
            } catch (NumberFormatException _) {
                return before.getAsString().equals(after.getAsString());
            }
        }
        if (was instanceof JsonArray before && is instanceof JsonArray after) {
            return before.size() == after.size()
                    && IntStream.range(0, before.size()).allMatch(i -> same(before.get(i), after.get(i)));
        }
        return was != null && was.equals(is);
    }

    private static boolean ofObjects(JsonArray array) {
        return StreamSupport.stream(array.spliterator(), false).allMatch(JsonElement::isJsonObject);
    }

    private static List<String> below(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    /**
     * Refuses what would change the past.
     *
     * @param phases how many phases the run has; the steps of the last one may change
     * @param options of the command line, for the command that begins a new run
     * @throws InputError naming every such value, what was recorded and what was given
     */
    public static void requireAhead(List<Change> changes, int phases, RunFolder folder, Options options) {
        List<String> steps = List.of("phases", Integer.toString(phases - 1), "steps");
        List<String> refused = changes.stream()
                .filter(change -> !AHEAD.contains(change.path().getFirst())
                        && !change.path().equals(steps))
                .map(change -> change.place() + ": recorded " + shown(change.was()) + ", given " + shown(change.is()))
                .toList();
        if (refused.isEmpty()) {
            return;
        }
        StringBuilder anew = new StringBuilder(
                "./kolotoc run " + Printable.word(folder.path().resolve("experiment.json")));
        options.sets().forEach(set -> anew.append(" --set ").append(quoted(set)));
        options.seed().ifPresent(seed -> anew.append(" --seed ").append(seed));
        options.backend().ifPresent(backend -> anew.append(" --backend ").append(quoted(backend)));
        throw InputError.of(
                "the run " + folder.path() + " was made with other settings, and going on can't change its past:\n  "
                        + String.join("\n  ", refused),
                "leave that out (--help says what may change), or begin a new run: " + anew);
    }

    private static String shown(JsonElement value) {
        return value == null ? "nothing" : Printable.cut(value.toString(), SHOWN);
    }

    /** For a shell. */
    private static String quoted(String text) {
        return text.matches("[\\w.,=/:+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
