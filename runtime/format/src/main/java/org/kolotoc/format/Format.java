package org.kolotoc.format;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks or applies the format of every Java file below {@code bundles}, {@code runtime}, {@code examples} and
 * {@code bench}.
 *
 * <p>The formatter reads sources with the compiler of the running JDK. A Maven plugin would run on Maven's own JDK, which
 * may be too old for Java 25; this program is forked on the one that compiles.
 */
public final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    private Format() {}

    /** Arguments: the repository's root, then {@code check} (exit 1 names each offender) or {@code apply}. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]).toRealPath();
        boolean apply = args[1].equals("apply");
        List<String> found = sources(root).parallelStream()
                .map(file -> inspect(root, file, apply))
                .flatMap(Optional::stream)
                .sorted()
                .toList();
        found.forEach(System.out::println);
        if (apply) {
            System.out.println(found.size() + " files formatted");
        } else if (!found.isEmpty()) {
            System.out.println(found.size() + " files are not in the project's format; do: ./kolotoc format");
            System.exit(1);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> folders = Stream.of("bundles", "runtime", "examples", "bench")
                .map(root::resolve)
                .filter(Files::isDirectory)
                .toList();
        Stream.Builder<Path> all = Stream.builder();
        for (Path folder : folders) {
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.filter(p -> p.toString().endsWith(".java")).forEach(all);
            }
        }
        return all.build()
                .filter(p -> !root.relativize(p).toString().contains("/target/"))
                .toList();
    }

    /** What to say about a file, or nothing when it is in format already. */
    private static Optional<String> inspect(Path root, Path file, boolean apply) {
        try {
            String text = Files.readString(file);
            String formatted = FORMATTER.formatSourceAndFixImports(text);
            if (formatted.equals(text)) {
                return Optional.empty();
            }
            if (apply) {
                Files.writeString(file, formatted);
            }
            return Optional.of("  " + root.relativize(file));
        } catch (FormatterException e) {
            return Optional.of("  " + root.relativize(file) + ": does not parse: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
