package org.kolotoc.launcher;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kolotoc.develop.ExitCode;
import org.kolotoc.launcher.tornado.Trial;

/**
 * A process of its own, before the real one, where there may be devices: writes the options that the JVM needs for the
 * backend which a command line asks for into a file, as {@code java} reads one with {@code @}. The options of a JVM can't
 * be changed once it runs, and a JVM for devices costs the others time.
 */
public final class Preparation {
    private static final String BACKEND = "backend";
    private static final String AUTO = "auto";

    private Preparation() {}

    /** Takes the file, then the command line. */
    public static void main(String[] line) throws IOException {
        Locale.setDefault(Locale.ROOT);
        List<String> command = List.of(line).subList(1, line.length);
        List<String> options = backend(command).map(Trial::options).orElse(List.of());
        Files.writeString(
                Path.of(line[0]), options.stream().map(Preparation::quoted).collect(Collectors.joining("\n")));
        System.exit(ExitCode.raw(ExitCode.DONE.code()));
    }

    private static String quoted(String option) {
        return '"' + option.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * The backend that a command line asks for, as far as can be seen before its command is known: an option's, else the
     * experiment's, else {@code auto}; nothing where no program will run.
     */
    static Optional<String> backend(List<String> line) {
        if (!line.isEmpty() && line.getFirst().equals("devices")) {
            return Optional.of("tornado");
        }
        Optional<String> option = Optional.empty();
        Optional<String> set = Optional.empty();
        Optional<Path> experiment = Optional.empty();
        for (int i = 0; i < line.size(); i++) {
            String word = line.get(i);
            String next = i + 1 < line.size() ? line.get(i + 1) : "";
            if (word.startsWith("--")) {
                String value = word.contains("=") ? word.substring(word.indexOf('=') + 1) : next;
                if (word.matches("--backend(=.*)?")) {
                    option = Optional.of(value);
                } else if (word.matches("--set(=.*)?") && value.matches("backend=.*")) {
                    set = Optional.of(value.substring(BACKEND.length() + 1).replace("\"", ""));
                }
                i += word.matches("--(backend|set|out|data|plugin|policy)") ? 1 : 0;
            } else if (experiment.isEmpty()) {
                experiment = experiment(word);
            }
        }
        Optional<String> told = option.isPresent() ? option : set;
        return told.isPresent() ? told : experiment.map(Preparation::backendOf);
    }

    private static Optional<Path> experiment(String word) {
        try {
            return Stream.of(Path.of(word), Path.of(word, "experiment.json"))
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /** What an experiment names; the command will tell what is wrong with a file that is none. */
    private static String backendOf(Path experiment) {
        try {
            JsonElement json = JsonParser.parseString(Files.readString(experiment));
            JsonElement named = json.isJsonObject() ? json.getAsJsonObject().get(BACKEND) : null;
            return named != null && named.isJsonPrimitive() ? named.getAsString() : AUTO;
        } catch (IOException | JsonParseException _) {
            return AUTO;
        }
    }
}
