package org.kolotoc.engine.need;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Something that keeps a plugin from being used.
 *
 * @param what a sentence
 * @param because what lies behind it
 * @param next what to do; empty where that is said below, or nobody knows
 * @param raw the manifest's own words; empty where there are none
 */
public record Reason(String what, List<Reason> because, String next, String raw) {
    private static final String STEP = "  ";

    public Reason {
        because = List.copyOf(because);
    }

    /** A sentence, and what lies behind it. */
    public static Reason of(String what, List<Reason> because) {
        return new Reason(what, because, "", "");
    }

    /** A sentence alone. */
    public static Reason of(String what) {
        return of(what, List.of());
    }

    /** A sentence and what to do. */
    static Reason of(String what, String next) {
        return new Reason(what, List.of(), next, "");
    }

    /** The same with one more reason, behind all others. */
    public Reason and(Reason more) {
        List<Reason> all = new ArrayList<>(because);
        all.add(more);
        return new Reason(what, all, next, raw);
    }

    /**
     * As lines: the sentence, what lies behind it indented by two, and what to do.
     *
     * @param filters whether the manifest's own words are shown too
     */
    public List<String> lines(boolean filters) {
        List<String> lines = new ArrayList<>(what.lines().toList());
        because.forEach(reason -> reason.lines(filters).forEach(line -> lines.add(STEP + line)));
        if (filters && !raw.isEmpty()) {
            lines.add("filter: " + raw);
        }
        if (!next.isEmpty()) {
            lines.addAll(Arrays.asList(("do: " + next).split("\n")));
        }
        return lines;
    }

    /** The same as one text. */
    public String text(boolean filters) {
        return String.join("\n", lines(filters));
    }
}
