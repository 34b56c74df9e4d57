package org.kolotoc.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param steps timed steps of each side, at least
 * @param warmUpSeconds seconds of steps before the clock counts
 */
record BenchArguments(List<GptConfig> configs, List<Integer> threads, int steps, double warmUpSeconds, boolean json) {
    /** Something is wrong with an argument; the message is for a person. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    /** Reads what stands after {@code step}. */
    static BenchArguments of(List<String> words) throws Wrong {
        List<GptConfig> configs = List.of(GptConfig.ALL.getFirst());
        List<Integer> threads = List.of(1, 2);
        int steps = 60;
        double warmUp = 6;
        boolean json = false;
        for (int i = 0; i < words.size(); i++) {
            String option = words.get(i);
            switch (option) {
                case "--json" -> json = true;
                case "--config" -> configs = configs(value(words, i++));
                case "--threads" -> {
                    List<Integer> counts = new ArrayList<>();
                    for (String count : value(words, i++).split(",", -1)) {
                        counts.add((int) number(option, count, 1, 1024));
                    }
                    threads = counts;
                }
                case "--steps" -> steps = (int) number(option, value(words, i++), 1, 1_000_000);
                case "--warm-up" -> warmUp = number(option, value(words, i++), 0, 3600);
                default ->
                    throw new Wrong("bench step knows no '" + option
                            + "'; expected --config, --threads, --steps, --warm-up or --json");
            }
        }
        return new BenchArguments(configs, threads, steps, warmUp, json);
    }

    private static String value(List<String> words, int option) throws Wrong {
        if (option + 1 >= words.size()) {
            throw new Wrong(words.get(option) + " needs a value");
        }
        return words.get(option + 1);
    }

    private static List<GptConfig> configs(String names) throws Wrong {
        List<GptConfig> found = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            found.add(GptConfig.ALL.stream()
                    .filter(config -> config.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new Wrong("--config '" + name + "': expected one of "
                            + GptConfig.ALL.stream().map(GptConfig::name).toList())));
        }
        return found;
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
