package org.kolotoc.console;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.kolotoc.engine.command.Syntax;

/**
 * What can be typed next: commands, then their options, ids of what is plugged in, folders of runs, and paths.
 *
 * @param commands names
 * @param syntax what a command takes
 * @param seats ids by kind
 * @param runs the folder with those of runs
 */
record Words(
        Supplier<Collection<String>> commands,
        Function<String, Optional<Syntax>> syntax,
        Supplier<Map<String, List<String>>> seats,
        Path runs)
        implements Completer {
    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String begun = line.word().substring(0, line.wordCursor());
        if (line.wordIndex() == 0) {
            commands.get().forEach(name -> candidates.add(new Candidate(name)));
            List.of("help", "exit").forEach(name -> candidates.add(new Candidate(name)));
        } else if (line.words().getFirst().equals("help")) {
            commands.get().forEach(name -> candidates.add(new Candidate(name)));
        } else if (begun.startsWith("-")) {
            syntax.apply(line.words().getFirst())
                    .ifPresent(takes -> takes.options().forEach(option -> candidates.add(new Candidate(option))));
        } else {
            seats.get().forEach((kind, ids) -> {
                candidates.add(new Candidate(kind));
                ids.forEach(id -> {
                    candidates.add(new Candidate(id));
                    candidates.add(new Candidate(kind + ":" + id));
                });
            });
            paths(begun, candidates);
            list(runs, "", name -> runs + "/" + name, candidates);
        }
    }

    /** Files and folders below what was typed. */
    private static void paths(String begun, List<Candidate> candidates) {
        int slash = begun.lastIndexOf('/');
        String folder = begun.substring(0, slash + 1);
        try {
            list(
                    Path.of(folder.isEmpty() ? "." : folder),
                    begun.substring(slash + 1),
                    name -> folder + name,
                    candidates);
        } catch (InvalidPathException _) {
            // Nothing lies there.
        }
    }

    private static void list(Path folder, String begun, Function<String, String> shown, List<Candidate> candidates) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.startsWith(begun) && !name.startsWith(".")) {
                    boolean goesOn = Files.isDirectory(file);
                    String value = shown.apply(name) + (goesOn ? "/" : "");
                    candidates.add(new Candidate(value, value, null, null, null, null, !goesOn));
                }
            }
        } catch (IOException _) {
            // It may not be read.
        }
    }
}
