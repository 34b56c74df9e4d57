package org.kolotoc.engine.experiment;

import java.util.Collection;
import java.util.Comparator;

/** The known name that was probably meant. */
public final class Nearest {
    private Nearest() {}

    /** {@code "; did you mean 'layers'?"}, or nothing when no known name is near. */
    public static String hint(String name, Collection<String> known) {
        return known.stream()
                .filter(k -> distance(name, k) <= 1 + name.length() / 3)
                .min(Comparator.comparingInt((String k) -> distance(name, k)).thenComparing(k -> k))
                .map(k -> "; did you mean '" + k + "'?")
                .orElse("");
    }

    /** How many letters have to be inserted, removed or replaced (Levenshtein 1966). */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] next = new int[b.length() + 1];
            next[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(replaced, 1 + Math.min(previous[j], next[j - 1]));
            }
            previous = next;
        }
        return previous[b.length()];
    }
}
