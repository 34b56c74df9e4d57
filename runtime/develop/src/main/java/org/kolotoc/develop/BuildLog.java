package org.kolotoc.develop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Maven wrote.
 *
 * @param file with all of it
 */
record BuildLog(Path file) {
    private static final int MOST = 30;
    private static final Pattern MODULE = Pattern.compile("\\[INFO\\] Building (\\S+) .*\\[(\\d+)/(\\d+)]");
    private static final Pattern TELLING =
            Pattern.compile("^\\[(ERROR|WARNING)] |^ {2}.*\\.java|not in the project.s format");
    private static final Pattern NOISE = Pattern.compile(
            "Tests run: .*Failures: 0, Errors: 0|Help 1|re-run Maven|^\\[ERROR] *$|For more information|terminally"
                    + " deprecated method|sun\\.misc\\.Unsafe");

    /** A line that says which module is built now. */
    record Module(String name, int number, int all) {
        static Optional<Module> of(String line) {
            Matcher found = MODULE.matcher(line);
            return found.matches()
                    ? Optional.of(new Module(
                            found.group(1), Integer.parseInt(found.group(2)), Integer.parseInt(found.group(3))))
                    : Optional.empty();
        }
    }

    /** What a person needs of a failed build: compiler messages, failed tests, the last errors. */
    List<String> telling() {
        List<String> lines = lines().filter(line ->
                        TELLING.matcher(line).find() && !NOISE.matcher(line).find())
                .distinct()
                .toList();
        return lines.subList(Math.max(0, lines.size() - MOST), lines.size());
    }

    /** What the formatter said: the files it changed, and how many. */
    List<String> formatted() {
        return lines().filter(line -> line.matches("  .*\\.java.*|.*files formatted"))
                .toList();
    }

    private Stream<String> lines() {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
