package org.kolotoc.launcher;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the known name that was probably meant. */
final class Nearest {
    private Nearest() {}

    /** A message about an unknown name that ends with the nearest known one, or with all of them. */
    static String unknown(String kind, String name, Collection<String> known) {
        String all = known.isEmpty() ? "none is known" : "known: " + String.join(", ", known);
        return "unknown " + kind + " '" + name + "'"
                + of(name, known).map(n -> "; did you mean '" + n + "'?").orElse("") + " (" + all + ")";
    }

    /** The known name at the smallest edit distance, if that is at most a third of the longer name, rounded up. */
    static Optional<String> of(String name, Collection<String> known) {
        return known.stream()
                .filter(k -> distance(name, k) <= (Math.max(name.length(), k.length()) + 2) / 3)
                .min(Comparator.comparingInt(k -> distance(name, k)));
    }

    /** Levenshtein's distance by one row. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
