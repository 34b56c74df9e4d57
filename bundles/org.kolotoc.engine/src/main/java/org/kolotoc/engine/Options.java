package org.kolotoc.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;

/**
 * The command line of a command that works on an experiment.
 *
 * @param files arguments that are no options
 * @param sets {@code --set path=value}, in order
 */
public record Options(
        List<String> files,
        List<String> sets,
        Optional<Long> seed,
        Optional<Path> out,
        Optional<Path> data,
        Optional<String> backend,
        Optional<Path> resume,
        Optional<Long> from,
        Optional<Long> memory,
        boolean download,
        boolean json,
        boolean quiet,
        boolean help) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,3})?)([kmg]?)b?");

    private static final List<String> KNOWN = List.of(
            "--set",
            "--seed",
            "--out",
            "--data",
            "--backend",
            "--threads",
            "--resume",
            "--from",
            "--memory",
            "--download",
            "--json",
            "--quiet",
            "--help");

    /** Shown by {@code --help} of every command that takes these. */
    public static final String HELP = """
          --set <path>=<value>   changes the experiment: --set phases.0.steps=200 (repeatable)
          --seed <number>        another seed
          --data <folder>        where data files are looked for first
          --backend <id>         auto, cpu, reference, tornado, or a device that ./kolotoc devices lists: tornado:opencl:0
          --threads <number>     threads of the cpu backend; all processors if not given
          --memory <size>        bytes a run may take at most, as 4g or 900m; what there is if not given
          --download             lets missing public data be fetched, checksum checked
          --json                 one JSON object a line instead of text
          --quiet                no progress
          --debug                also prints where an error comes from
        """;

    /**
     * Reads a command line.
     *
     * @throws InputError when an option is unknown or lacks its value
     */
    public static Options parse(String[] arguments) {
        List<String> files = new ArrayList<>();
        List<String> sets = new ArrayList<>();
        Optional<Long> seed = Optional.empty();
        Optional<Path> out = Optional.empty();
        Optional<Path> data = Optional.empty();
        Optional<String> backend = Optional.empty();
        Optional<Path> resume = Optional.empty();
        Optional<Long> from = Optional.empty();
        Optional<Long> memory = Optional.empty();
        boolean download = false;
        boolean json = false;
        boolean quiet = false;
        boolean help = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--set" -> sets.add(value(arguments, ++i));
                case "--seed" -> seed = Optional.of(number(arguments, ++i));
                case "--out" -> out = Optional.of(Path.of(value(arguments, ++i)));
                case "--data" -> data = Optional.of(folder(arguments, ++i));
                case "--backend" -> backend = Optional.of(value(arguments, ++i));
                case "--threads" -> threads(number(arguments, ++i));
                case "--resume" -> resume = Optional.of(Path.of(value(arguments, ++i)));
                case "--from" -> from = Optional.of(number(arguments, ++i));
                case "--memory" -> memory = Optional.of(size(value(arguments, ++i)));
                case "--download" -> download = true;
                case "--json" -> json = true;
                case "--quiet" -> quiet = true;
                case "--help", "-h" -> help = true;
                default -> {
                    if (arguments[i].startsWith("--")) {
                        throw InputError.of(
                                "there is no option " + arguments[i] + Nearest.hint(arguments[i], KNOWN),
                                "--help lists all");
                    }
                    files.add(arguments[i]);
                }
            }
        }
        return new Options(
                List.copyOf(files),
                List.copyOf(sets),
                seed,
                out,
                data,
                backend,
                resume,
                from,
                memory,
                download,
                json,
                quiet,
                help);
    }

    /** The backend reads it when it is first used. */
    private static void threads(long threads) {
        if (threads < 1 || threads > 1024) {
            throw InputError.of("--threads " + threads + ": expected 1 to 1024", "");
        }
        System.setProperty("kolotoc.threads", Long.toString(threads));
    }

    private static Path folder(String[] arguments, int index) {
        Path folder = Path.of(value(arguments, index));
        if (!Files.isDirectory(folder)) {
            throw InputError.of(
                    arguments[index - 1] + " " + folder + ": "
                            + (Files.exists(folder) ? "that is no folder" : "there is no such folder")
                            + "; expected the folder that the data files lie below",
                    "give a folder that is there, or leave the option out");
        }
        return folder;
    }

    /** Bytes, or so many thousands, millions or billions of them. */
    private static long size(String text) {
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
            throw InputError.of("--memory " + text + ": expected a number of bytes, as 900m or 4g", "");
        }
        return bytes;
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw InputError.of("option " + arguments[index - 1] + " needs a value after it", "--help shows which");
        }
        return arguments[index];
    }

    private static long number(String[] arguments, int index) {
        String text = value(arguments, index);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw InputError.of(arguments[index - 1] + " " + text + ": expected a whole number", "");
        }
    }
}
