package org.kolotoc.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.kolotoc.develop.Chore;
import org.kolotoc.develop.Option;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the command line asks for.
 *
 * @param tasks to compare
 * @param backend id of what ours computes on
 * @param only kernels whose name has a match of it
 * @param steps timed steps of each side, at least
 * @param warmUpSeconds seconds of steps before the clock counts
 */
record BenchArguments(
        What what,
        List<Task> tasks,
        String backend,
        Pattern only,
        List<Integer> threads,
        int steps,
        double warmUpSeconds,
        boolean json) {
    /** Kinds of measurements. */
    enum What {
        COMPARE,
        CEILING,
        KERNELS,
        TOKENIZER
    }

    /** Something is wrong with an argument; the message is for a person. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    static final String STEP = "step";
    static final String PHASES = "phases";
    static final String GENERATION = "generation";
    private static final String CONFIG = "--config";
    private static final String BACKEND = "--backend";
    private static final String THREADS = "--threads";
    private static final String STEPS = "--steps";
    private static final String WARM_UP = "--warm-up";
    private static final String ONLY = "--only";
    private static final String JSON = "--json";
    private static final List<String> OF_COMPARISON = List.of(CONFIG, BACKEND, STEPS, WARM_UP);

    /** Reads the command line. The first word, if it is no option, says what is timed; without it both sides are. */
    static BenchArguments of(List<String> words) throws Wrong {
        ParseResult read = read(words);
        List<String> names = read.matchedPositionalValue(0, List.of());
        if (names.size() > 1) {
            throw new Wrong("bench times one thing, found " + String.join(" and ", names));
        }
        String name = names.isEmpty() ? "" : names.getFirst();
        What what = switch (name) {
            case "", STEP, PHASES, GENERATION -> What.COMPARE;
            case "ceiling" -> What.CEILING;
            case "kernels" -> What.KERNELS;
            case "tokenizer" -> What.TOKENIZER;
            default ->
                throw new Wrong(
                        "bench can time step, phases, generation, ceiling, kernels or tokenizer, not '" + name + "'");
        };
        for (OptionSpec option : read.matchedOptions()) {
            if (OF_COMPARISON.contains(option.longestName()) && what != What.COMPARE
                    || option.longestName().equals(ONLY) && what != What.KERNELS
                    || option.longestName().equals(THREADS) && what == What.TOKENIZER) {
                throw new Wrong("bench " + name + " takes no " + option.longestName());
            }
        }
        List<Task> tasks = switch (name) {
            case STEP, PHASES, GENERATION ->
                Task.ALL.stream()
                        .filter(task -> task.work().word().equals(name))
                        .toList();
            default -> Task.ALL;
        };
        if (read.hasMatchedOption(CONFIG)) {
            tasks = only(tasks, read.matchedOptionValue(CONFIG, ""));
        }
        String backend = backend(read.matchedOptionValue(BACKEND, OurBackend.CPU));
        if (!backend.equals(OurBackend.CPU)) {
            tasks = tasks.stream().map(Task::elsewhere).toList();
        }
        return new BenchArguments(
                what,
                tasks,
                backend,
                pattern(read.matchedOptionValue(ONLY, "")),
                threads(read.matchedOptionValue(THREADS, "1,2")),
                (int) number(STEPS, read.matchedOptionValue(STEPS, "30"), 1, 1_000_000),
                number(WARM_UP, read.matchedOptionValue(WARM_UP, "6"), 0, 3600),
                read.hasMatchedOption(JSON));
    }

    /** By the options that {@code ./kolotoc bench --help} lists. */
    private static ParseResult read(List<String> words) throws Wrong {
        CommandSpec spec = CommandSpec.create();
        for (Option option : Chore.BENCH.options()) {
            OptionSpec.Builder builder = OptionSpec.builder(option.name());
            spec.addOption((option.value().isEmpty() ? builder : builder.type(String.class)).build());
        }
        spec.addPositional(
                PositionalParamSpec.builder().index("0..*").type(List.class).build());
        spec.parser().expandAtFiles(false).overwrittenOptionsAllowed(true).posixClusteredShortOptionsAllowed(false);
        try {
            return new CommandLine(spec).parseArgs(words.toArray(String[]::new));
        } catch (UnmatchedArgumentException e) {
            throw new Wrong("bench knows no '" + e.getUnmatched().getFirst() + "'; expected "
                    + Chore.BENCH.options().stream().map(Option::name).collect(Collectors.joining(", ")));
        } catch (MissingParameterException e) {
            throw new Wrong(((OptionSpec) e.getMissing().getFirst()).longestName() + " needs a value");
        } catch (ParameterException e) {
            throw new Wrong(e.getMessage());
        }
    }

    private static String backend(String id) throws Wrong {
        if (!id.equals(OurBackend.CPU) && !id.equals("tornado") && !id.startsWith("tornado:")) {
            throw new Wrong("--backend '" + id + "': expected cpu, tornado, or a device that ./kolotoc devices lists");
        }
        return id;
    }

    private static List<Task> only(List<Task> tasks, String names) throws Wrong {
        List<Task> found = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            List<Task> named = tasks.stream()
                    .filter(task -> task.work().config().equalsIgnoreCase(name))
                    .toList();
            if (named.isEmpty()) {
                throw new Wrong("--config '" + name + "': expected one of "
                        + tasks.stream()
                                .map(task -> task.work().config())
                                .distinct()
                                .toList());
            }
            found.addAll(named);
        }
        return found;
    }

    private static Pattern pattern(String text) throws Wrong {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new Wrong("--only '" + text + "': expected a regular expression; " + e.getDescription());
        }
    }

    private static List<Integer> threads(String text) throws Wrong {
        List<Integer> counts = new ArrayList<>();
        for (String count : text.split(",", -1)) {
            counts.add((int) number(THREADS, count, 1, 1024));
        }
        return counts;
    }

    private static double number(String option, String text, double least, double most) throws Wrong {
        double number;
        try {
            number = option.equals(WARM_UP) ? Double.parseDouble(text) : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        if (!(number >= least && number <= most)) {
            throw new Wrong(option + " " + text + ": expected a number from " + (long) least + " to " + (long) most);
        }
        return number;
    }
}
