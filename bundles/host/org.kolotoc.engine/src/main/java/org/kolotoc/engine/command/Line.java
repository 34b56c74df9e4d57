package org.kolotoc.engine.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.open.Options;
import picocli.CommandLine.ParseResult;

/** A command line that was read. */
public final class Line {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,3})?)([kmg]?)b?");
    private static final int MOST_THREADS = 1024;
    private static final int MOST_SECONDS = 1_000_000;

    private final ParseResult read;

    Line(ParseResult read) {
        this.read = read;
    }

    public boolean has(String option) {
        return read.hasMatchedOption(option);
    }

    public boolean has(Shared option) {
        return has(option.option());
    }

    /** An option's value as it was typed. */
    public Optional<String> text(String option) {
        return Optional.ofNullable(read.matchedOptionValue(option, null));
    }

    /** The values of an option that may be given several times, as they were typed. */
    public List<String> texts(String option) {
        Object value = read.matchedOptionValue(option, null);
        return value instanceof List<?> all
                ? all.stream().map(String::valueOf).toList()
                : value == null ? List.of() : List.of(value.toString());
    }

    /** An option's value, a whole number of at least 1. */
    public Optional<Integer> count(String option) {
        return text(option).map(text -> {
            try {
                int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // said below
            }
            throw InputError.of(option + " " + text + ": expected a whole number, 1 to " + Integer.MAX_VALUE, help());
        });
    }

    /** An option's value, the path of a file or folder, there or not. */
    public Optional<Path> path(Shared option) {
        return text(option.option()).map(text -> path(option.option() + " ", text));
    }

    /** Arguments that are no options. */
    public List<String> files() {
        return read.matchedPositionalValue(0, List.of());
    }

    /**
     * The one argument that is no option, a path.
     *
     * @param what for the message: one experiment file
     * @param example to type instead
     */
    public Path file(String what, String example) {
        return path("", one(what, example));
    }

    /** The command that says what this one takes. */
    private String help() {
        return "./kolotoc " + read.commandSpec().name() + " --help";
    }

    /** The one argument that is no option. */
    public String one(String what, String example) {
        if (files().size() != 1) {
            throw InputError.of("expected " + what + ", " + files().size() + " were given", example);
        }
        return files().getFirst();
    }

    /** Arguments that are no options, as paths. */
    public List<Path> paths() {
        return files().stream().map(text -> path("", text)).toList();
    }

    /** Refuses arguments that are no options. */
    public void none() {
        if (!files().isEmpty()) {
            throw InputError.of(
                    "'" + files().getFirst() + "' is not expected here", "--help shows what the command takes");
        }
    }

    /** The options that the engine reads. */
    public Options options() {
        return new Options(
                files(),
                texts(Shared.SET.option()),
                number(Shared.SEED),
                path(Shared.OUT),
                path(Shared.DATA).map(Line::folder),
                text(Shared.BACKEND.option()),
                path(Shared.RESUME),
                number(Shared.FROM),
                number(Shared.THREADS).map(this::threads),
                memory(),
                text(Shared.PATIENCE.option()).map(Line::patience),
                has(Shared.ISOLATED),
                has(Shared.TRUST),
                has(Shared.DOWNLOAD),
                has(Shared.JSON),
                has(Shared.QUIET));
    }

    /**
     * The words of a command line that is read to the same, but in this process and not for people.
     *
     * @param files arguments that are no options
     */
    public static List<String> words(Options options, List<Path> files) {
        List<String> words = new ArrayList<>();
        options.sets().forEach(set -> words.addAll(List.of(Shared.SET.option(), set)));
        Map<Shared, Optional<?>> values = new EnumMap<>(Shared.class);
        values.put(Shared.SEED, options.seed());
        values.put(Shared.OUT, options.out());
        values.put(Shared.DATA, options.data());
        values.put(Shared.BACKEND, options.backend());
        values.put(Shared.RESUME, options.resume());
        values.put(Shared.FROM, options.from());
        values.put(Shared.THREADS, options.threads());
        values.put(Shared.MEMORY, options.memory());
        values.put(Shared.PATIENCE, options.patience().map(time -> time.toMillis() / 1e3));
        values.forEach(
                (option, value) -> value.ifPresent(given -> words.addAll(List.of(option.option(), given.toString()))));
        if (options.trust()) {
            words.add(Shared.TRUST.option());
        }
        if (options.download()) {
            words.add(Shared.DOWNLOAD.option());
        }
        words.add("--");
        files.forEach(file -> words.add(file.toString()));
        return words;
    }

    /** What {@code --memory} allows, in bytes. */
    public Optional<Long> memory() {
        return text(Shared.MEMORY.option()).map(this::size);
    }

    private static Path path(String option, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw InputError.of(option + "'" + text + "' is no path: " + e.getReason(), "give another", e);
        }
    }

    private Optional<Long> number(Shared option) {
        return text(option.option()).map(text -> {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw InputError.of(option.option() + " " + text + ": expected a whole number", help(), e);
            }
        });
    }

    private int threads(long threads) {
        if (threads < 1 || threads > MOST_THREADS) {
            throw InputError.of("--threads " + threads + ": expected 1 to " + MOST_THREADS, help());
        }
        return (int) threads;
    }

    private static Duration patience(String text) {
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= 0 && seconds <= MOST_SECONDS) {
                return Duration.ofNanos((long) (seconds * 1e9));
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw InputError.of(
                Shared.PATIENCE.option() + " " + text + ": expected seconds, 0 to " + MOST_SECONDS, "--patience 600");
    }

    private static Path folder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw InputError.of(
                    "--data " + folder + ": "
                            + (Files.exists(folder) ? "that is no folder" : "there is no such folder")
                            + "; expected the folder that the data files lie below",
                    "give a folder that is there, or leave the option out");
        }
        return folder;
    }

    /** Bytes, or so many thousands, millions or billions of them. */
    private long size(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        double unit = switch (matcher.matches() ? matcher.group(2) : "none") {
            case "" -> 1;
            case "k" -> 1e3;
            case "m" -> 1e6;
            case "g" -> 1e9;
            default -> 0;
        };
        long bytes = unit == 0 ? 0 : (long) (Double.parseDouble(matcher.group(1)) * unit);
        if (bytes == 0) {
            throw InputError.of("--memory " + text + ": expected a number of bytes, as 900m or 4g", help());
        }
        return bytes;
    }
}
