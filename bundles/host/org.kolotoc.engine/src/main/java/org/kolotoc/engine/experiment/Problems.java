package org.kolotoc.engine.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.ShapeError;

/** Everything wrong with one file or one line, so that a person mends it in one go. */
public final class Problems {
    /** Characters of a path in a message. */
    private static final int SHOWN = 160;

    /** Faults that a person may want to read at once. */
    private static final int MOST = 50;

    private final String where;
    private final String next;
    private final UnaryOperator<String> place;
    private final Map<String, String> options;
    private final List<Fault> found = new ArrayList<>();
    private int unsaid;

    public Problems(String file) {
        this(file, "mend that, then run the command again; ./kolotoc schema shows every field", path -> path);
    }

    /**
     * Of something else than a file.
     *
     * @param where the faults are
     * @param next what to do
     * @param place what a person calls the place with a JSON path
     */
    public Problems(String where, String next, UnaryOperator<String> place) {
        this(where, next, place, Map.of());
    }

    /** @param options by JSON path of what they would set: named to who typed one that does not fit */
    Problems(String where, String next, UnaryOperator<String> place, Map<String, String> options) {
        this.where = where;
        this.next = next;
        this.place = place;
        this.options = options;
    }

    /**
     * A fault.
     *
     * @param path where, in the JSON
     * @param sentence with the place as people call it
     */
    public record Fault(String path, String sentence) {}

    /** Notes a fault at a JSON path. */
    public void add(String path, String message) {
        if (found.size() == MOST) {
            unsaid++;
        } else {
            found.add(new Fault(path, Printable.cut(place.apply(path), SHOWN) + ": " + message));
        }
    }

    /**
     * Notes a field that nobody asked for.
     *
     * @param path of the object that has it
     * @param known fields that may be there
     */
    void addUnknown(String path, String field, List<String> known) {
        String at = path + "." + field;
        boolean isTyped = !place.apply(at).equals(at);
        List<String> fitting = known.stream()
                .map(other -> options.get(path + "." + other))
                .filter(Objects::nonNull)
                .toList();
        if (isTyped && !fitting.isEmpty()) {
            add(at, "does not fit here; expected one of " + String.join(", ", fitting));
        } else {
            String all = known.isEmpty() ? " (none is known here)" : " (known: " + String.join(", ", known) + ")";
            add(at, "there is no such field" + Nearest.hint(field, known) + all);
        }
    }

    /** What was noted so far, as far as a person may want to read it. */
    public List<Fault> faults() {
        return List.copyOf(found);
    }

    /** Notes what was found elsewhere in the same file. */
    public void addAll(Problems others) {
        others.found.forEach(fault -> {
            if (found.size() == MOST) {
                unsaid++;
            } else {
                found.add(fault);
            }
        });
        unsaid += others.unsaid;
    }

    public boolean none() {
        return found.isEmpty();
    }

    /**
     * Ends the reading if anything was noted.
     *
     * @throws InputError with every fault
     */
    public void refuse() {
        if (!found.isEmpty()) {
            throw error();
        }
    }

    /** All that was noted. */
    public InputError error() {
        String what = found.size() == 1 ? "a fault" : found.size() + unsaid + " faults";
        String rest = unsaid == 0 ? "" : "\n  and " + unsaid + " more";
        List<String> sentences = found.stream().map(Fault::sentence).toList();
        return InputError.of(where + " has " + what + ":\n  " + String.join("\n  ", sentences) + rest, next);
    }

    /**
     * Runs a part of an experiment's preparation.
     *
     * @param ref of the plugin that does it; what it refuses is noted with the path of its settings
     * @return what it gives; null where it was refused
     */
    public <T> T of(SeatRef ref, Supplier<T> part) {
        try {
            return part.get();
        } catch (InputError e) {
            String path = ref.path() + (e.field().isEmpty() ? "" : "." + e.field());
            add(path, e.getMessage() + (e.next().isEmpty() ? "" : "\n    " + e.next()));
            return null;
        } catch (ShapeError e) {
            add(ref.path(), e.getMessage());
            return null;
        }
    }
}
