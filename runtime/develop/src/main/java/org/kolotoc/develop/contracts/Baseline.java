package org.kolotoc.develop.contracts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The exported packages as they were last accepted, in a file beside the sources: what a build is compared with.
 *
 * @param packages by name
 */
record Baseline(SortedMap<String, ExportedPackage> packages) {
    private static final String PACKAGE = "package ";
    private static final String INDENT = "  ";
    private static final int MOST = 12;

    /** Reads what {@link #text} wrote. */
    static Baseline parse(String text) {
        SortedMap<String, ExportedPackage> packages = new TreeMap<>();
        SortedSet<String> signatures = new TreeSet<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(PACKAGE)) {
                String[] words = line.split(" ");
                signatures = new TreeSet<>();
                packages.put(words[1], new ExportedPackage(words[1], words.length > 2 ? words[2] : "", signatures));
            } else if (line.startsWith(INDENT)) {
                signatures.add(line.strip());
            }
        }
        return new Baseline(packages);
    }

    /** The file's content. */
    static String text(Collection<ExportedPackage> packages) {
        StringBuilder text = new StringBuilder("Every signature that a bundle exports, with the version of its package."
                + " Written by: ./kolotoc docs\n");
        for (ExportedPackage one : packages) {
            text.append('\n')
                    .append((PACKAGE + one.name() + " " + one.version()).strip())
                    .append('\n');
            one.signatures().forEach(line -> text.append(INDENT).append(line).append('\n'));
        }
        return text.toString();
    }

    /**
     * What of the packages as they are now was changed and not versioned: each a message that says what changed and what to
     * do. A larger version makes any change right, a package that is new needs none.
     *
     * @param command that accepts the packages as they are
     */
    List<String> faults(Map<String, ExportedPackage> now, String command) {
        List<String> faults = new ArrayList<>();
        for (ExportedPackage before : packages.values()) {
            ExportedPackage after = now.get(before.name());
            if (after == null) {
                faults.add("package " + before.name() + " " + before.version() + " is exported no more\n  do: export it"
                        + " again; or, if that is meant, remove its"
                        + " lines from " + Contracts.BASELINE + ", then: "
                        + command);
            } else if (!isRaised(before.version(), after.version())
                    && !(before.version().equals(after.version())
                            && before.signatures().equals(after.signatures()))) {
                faults.add(fault(before, after, command));
            }
        }
        return faults;
    }

    private static String fault(ExportedPackage before, ExportedPackage after, String command) {
        List<String> changes = new ArrayList<>();
        before.signatures().stream()
                .filter(line -> !after.signatures().contains(line))
                .forEach(line -> changes.add("  - " + line));
        after.signatures().stream()
                .filter(line -> !before.signatures().contains(line))
                .forEach(line -> changes.add("  + " + line));
        String shown = String.join("\n", changes.subList(0, Math.min(MOST, changes.size())))
                + (changes.size() > MOST ? "\n  and " + (changes.size() - MOST) + " more" : "");
        return "package " + after.name() + " is version " + after.version() + ", as before or less than "
                + before.version()
                + ", but its signatures changed:\n" + shown + "\n  do: undo that; or raise the @Version in its"
                + " package-info.java to " + next(before.version()) + ", then: " + command;
    }

    /** Whether the first number is larger, or the second: from there on, who was built before is not wired to it. */
    private static boolean isRaised(String before, String after) {
        int[] old = numbers(before);
        int[] young = numbers(after);
        return young[0] > old[0] || young[0] == old[0] && young[1] > old[1];
    }

    private static String next(String version) {
        int[] numbers = numbers(version);
        return numbers[0] + "." + (numbers[1] + 1) + ".0";
    }

    private static int[] numbers(String version) {
        int[] numbers = new int[2];
        String[] parts = version.split("\\.");
        for (int i = 0; i < numbers.length && i < parts.length; i++) {
            numbers[i] = parts[i].matches("\\d+") ? Integer.parseInt(parts[i]) : 0;
        }
        return numbers;
    }
}
