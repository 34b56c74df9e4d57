package org.kolotoc.api.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.kolotoc.api.InputError;

/** Settings of a model that a layout has no field for; all of them are told at once. */
public final class Unsayable {
    private final String layout;
    private final List<String> faults = new ArrayList<>();

    /** @param layout for messages: {@code GPT-2} */
    public Unsayable(String layout) {
        this.layout = layout;
    }

    /** A setting that has to have one of these values. */
    public void only(String field, Object value, Object... allowed) {
        if (Arrays.stream(allowed).noneMatch(value::equals)) {
            List<String> shown = Arrays.stream(allowed).map(Unsayable::shown).toList();
            faults.add("\"" + field + "\" is " + shown(value) + ", which the layout of " + layout
                    + " can't say; expected " + String.join(" or ", shown));
        }
    }

    /**
     * Ends the list.
     *
     * @throws InputError naming every setting
     */
    public void check() {
        if (!faults.isEmpty()) {
            throw InputError.of(
                    String.join("\n", faults), "export a model with settings that the other library has too");
        }
    }

    private static String shown(Object value) {
        return value instanceof Enum<?> name
                ? name.name().toLowerCase(Locale.ROOT).replace('_', '-')
                : value.toString();
    }
}
