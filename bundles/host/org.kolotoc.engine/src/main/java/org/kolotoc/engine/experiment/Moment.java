package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment of a run, between two steps: {@code 250}, {@code "end"}, {@code "finetune:20"}, {@code "finetune:end"}.
 *
 * @param phase by its name; empty where steps of the whole run count
 * @param step that was taken last; {@link #END} for the last one
 */
public record Moment(String phase, long step) {
    /** The step of an end. */
    public static final long END = -1;

    /** What a moment looks like. */
    static final String EXPECTED =
            "a whole number of steps, at least 0, or \"end\", \"<phase>:<steps>\" or \"<phase>:end\"";

    private static final Pattern FORM = Pattern.compile("(?:([^:]+):)?(end|\\d{1,18})");

    /** After so many steps of the run. */
    public static Moment of(long step) {
        return new Moment("", step);
    }

    /** The moment that JSON says; nothing where it says none. */
    static Optional<Moment> read(JsonElement json) {
        if (!(json instanceof JsonPrimitive value) || value.isBoolean()) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(value.getAsString());
        boolean plain = matcher.matches()
                && matcher.group(1) == null
                && !matcher.group(2).equals("end");
        if (!matcher.matches() || value.isNumber() != plain) {
            return Optional.empty();
        }
        return Optional.of(new Moment(
                matcher.group(1) == null ? "" : matcher.group(1),
                matcher.group(2).equals("end") ? END : Long.parseLong(matcher.group(2))));
    }

    @Override
    public String toString() {
        return (phase.isEmpty() ? "" : phase + ":") + (step == END ? "end" : Long.toString(step));
    }
}
