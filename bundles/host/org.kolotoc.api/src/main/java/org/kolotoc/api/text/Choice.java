package org.kolotoc.api.text;

import java.util.List;

/**
 * A gap in a text and what may stand in it: one option is right. The text before and behind the gap has no blank that would
 * belong to the option, which brings its own: {@code "Tašku jsem si nechal"}, {@code " v"}, {@code " práci."}.
 *
 * @param kind what it asks for, by which it is counted: {@code fact}
 * @param before at least one character
 * @param options two or more, all different
 * @param after what follows whatever is chosen; may be empty
 * @param right number of the right option
 */
public record Choice(String kind, String before, List<String> options, String after, int right) {
    public Choice {
        options = List.copyOf(options);
        if (kind.isBlank() || before.isEmpty()) {
            throw new IllegalArgumentException("a choice needs a kind and a text before its gap");
        }
        if (options.size() < 2 || options.stream().distinct().count() < options.size()) {
            throw new IllegalArgumentException("expected two or more different options, got " + options);
        }
        if (right < 0 || right >= options.size()) {
            throw new IllegalArgumentException("there is no option " + right + " of " + options);
        }
    }

    /** What stands behind {@link #before} when an option is taken. */
    public String behind(int option) {
        return options.get(option) + after;
    }

    /** The whole text with an option in the gap. */
    public String text(int option) {
        return before + behind(option);
    }
}
