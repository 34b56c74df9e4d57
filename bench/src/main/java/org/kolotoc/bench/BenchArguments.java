package org.kolotoc.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

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
        KERNELS
    }

    /** Something is wrong with an argument; the message is for a person. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    private static final List<String> OF_COMPARISON = List.of("--config", "--backend", "--steps", "--warm-up");

    /** Reads the command line. The first word, if it is no option, says what is timed; without it both sides are. */
    static BenchArguments of(List<String> words) throws Wrong {
        String name = words.isEmpty() || words.getFirst().startsWith("-") ? "" : words.getFirst();
        What what = switch (name) {
            case "", "step", "generation" -> What.COMPARE;
            case "ceiling" -> What.CEILING;
            case "kernels" -> What.KERNELS;
            default -> throw new Wrong("bench can time step, generation, ceiling or kernels, not '" + name + "'");
        };
        List<Task> tasks = switch (name) {
            case "step" -> trains(true);
            case "generation" -> trains(false);
            default -> Task.ALL;
        };
        Pattern only = Pattern.compile("");
        List<Integer> threads = List.of(1, 2);
        int steps = 30;
        double warmUp = 6;
        boolean json = false;
        String backend = OurBackend.CPU;
        for (int i = name.isEmpty() ? 0 : 1; i < words.size(); i++) {
            String option = words.get(i);
            if (OF_COMPARISON.contains(option) && what != What.COMPARE
                    || option.equals("--only") && what != What.KERNELS) {
                throw new Wrong("bench " + name + " takes no " + option);
            }
            switch (option) {
                case "--json" -> json = true;
                case "--config" -> tasks = only(tasks, value(words, i++));
                case "--backend" -> backend = backend(value(words, i++));
                case "--only" -> only = pattern(value(words, i++));
                case "--threads" -> threads = threads(value(words, i++));
                case "--steps" -> steps = (int) number(option, value(words, i++), 1, 1_000_000);
                case "--warm-up" -> warmUp = number(option, value(words, i++), 0, 3600);
                default ->
                    throw new Wrong("bench knows no '" + option
                            + "'; expected --config, --backend, --threads, --steps, --warm-up, --only or --json");
            }
        }
        if (!backend.equals(OurBackend.CPU)) {
            tasks = tasks.stream().map(Task::elsewhere).toList();
        }
        return new BenchArguments(what, tasks, backend, only, threads, steps, warmUp, json);
    }

    private static String value(List<String> words, int option) throws Wrong {
        if (option + 1 >= words.size()) {
            throw new Wrong(words.get(option) + " needs a value");
        }
        return words.get(option + 1);
    }

    private static String backend(String id) throws Wrong {
        if (!id.equals(OurBackend.CPU) && !id.equals("tornado") && !id.startsWith("tornado:")) {
            throw new Wrong("--backend '" + id + "': expected cpu, tornado, or a device that ./kolotoc devices lists");
        }
        return id;
    }

    private static List<Task> trains(boolean trains) {
        return Task.ALL.stream().filter(task -> task.trains() == trains).toList();
    }

    private static List<Task> only(List<Task> tasks, String names) throws Wrong {
        List<Task> found = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            List<Task> named = tasks.stream()
                    .filter(task -> task.config().name().equalsIgnoreCase(name))
                    .toList();
            if (named.isEmpty()) {
                throw new Wrong("--config '" + name + "': expected one of "
                        + tasks.stream()
                                .map(task -> task.config().name())
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
            counts.add((int) number("--threads", count, 1, 1024));
        }
        return counts;
    }

    private static double number(String option, String text, double least, double most) throws Wrong {
        double number;
        try {
            number = option.equals("--warm-up") ? Double.parseDouble(text) : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        if (!(number >= least && number <= most)) {
            throw new Wrong(option + " " + text + ": expected a number from " + (long) least + " to " + (long) most);
        }
        return number;
    }
}
