package org.kolotoc.develop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lines of Java of a module.
 *
 * @param module its folder below the root
 * @param longest of its files, by name
 */
record SourceLines(String module, long main, long test, Map.Entry<String, Long> longest) {
    private static final int LONG = 400;

    /** Those of every module in the project, in the order of their folders. */
    static List<SourceLines> of(Project project) throws IOException {
        List<SourceLines> found = new ArrayList<>();
        for (String part : List.of("bundles", "runtime")) {
            try (Stream<Path> modules = Files.find(
                    project.root().resolve(part), 2, (folder, _) -> Files.isRegularFile(folder.resolve("pom.xml")))) {
                for (Path module : modules.sorted().toList()) {
                    found.add(of(project.root(), module));
                }
            }
        }
        found.add(of(project.root(), project.root().resolve("bench")));
        return found;
    }

    private static SourceLines of(Path root, Path module) throws IOException {
        Map<String, Long> main = files(module.resolve("src/main"));
        Map<String, Long> test = files(module.resolve("src/test"));
        Map.Entry<String, Long> longest = Stream.of(main, test)
                .flatMap(files -> files.entrySet().stream())
                .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .orElse(Map.entry("", 0L));
        return new SourceLines(
                root.relativize(module).toString().replaceFirst("^bundles/", ""), sum(main), sum(test), longest);
    }

    private static long sum(Map<String, Long> files) {
        return files.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Map.of();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(file -> folder.relativize(file).toString(), SourceLines::count));
        }
    }

    private static long count(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table for a person. */
    static String table(List<SourceLines> all) {
        StringBuilder text = new StringBuilder(String.format("lines per bundle (Java: main, test, longest file)%n"));
        for (SourceLines lines : all) {
            String name = Path.of(lines.longest.getKey()).getFileName().toString();
            text.append(String.format(
                    "  %-36s %6d %6d  %s%n",
                    lines.module,
                    lines.main,
                    lines.test,
                    name.isEmpty()
                            ? ""
                            : lines.longest.getValue() + " " + name
                                    + (lines.longest.getValue() > LONG ? "  over " + LONG : "")));
        }
        return text.toString();
    }
}
