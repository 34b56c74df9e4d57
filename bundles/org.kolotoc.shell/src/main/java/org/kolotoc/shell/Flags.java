package org.kolotoc.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Options;
import org.kolotoc.engine.experiment.Nearest;

/**
 * A command's own options beside those that every command on an experiment takes.
 *
 * @param own values of the command's own options; {@code true} for those without one
 * @param options the others
 */
record Flags(Map<String, String> own, Options options) {
    private static final Pattern OPTION = Pattern.compile("--[a-z-]*[a-z]");

    /**
     * Reads a command line. What a command's help does not name is refused, also where other commands take it: it would
     * have no effect.
     *
     * @param help of the command
     * @param valued own options that take a value: {@code --prompt}
     * @param plain own options that take none
     * @throws InputError when an option is unknown or lacks its value
     */
    static Flags parse(String help, String[] arguments, List<String> valued, List<String> plain) {
        Set<String> named =
                OPTION.matcher(help).results().map(MatchResult::group).collect(Collectors.toSet());
        Map<String, String> own = new HashMap<>();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (plain.contains(arguments[i])) {
                own.put(arguments[i], "true");
            } else if (!valued.contains(arguments[i])) {
                if (arguments[i].startsWith("--") && !named.contains(arguments[i]) && !arguments[i].equals("--help")) {
                    throw InputError.of(
                            "this command has no option " + arguments[i] + Nearest.hint(arguments[i], named),
                            "leave it out; --help lists what there is");
                }
                rest.add(arguments[i]);
            } else if (i + 1 == arguments.length) {
                throw InputError.of("option " + arguments[i] + " needs a value after it", "--help shows which");
            } else {
                own.put(arguments[i], arguments[++i]);
            }
        }
        return new Flags(own, Options.parse(rest.toArray(String[]::new)));
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(own.get(option));
    }

    boolean has(String option) {
        return own.containsKey(option);
    }

    /** A whole number, at least 1. */
    Optional<Integer> count(String option) {
        return value(option).map(text -> {
            try {
                int number = Integer.parseInt(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // said below
            }
            throw InputError.of(option + " " + text + ": expected a whole number, at least 1", "");
        });
    }

    /** The one argument that is no option. */
    String one(String what, String example) {
        if (options.files().size() != 1) {
            throw InputError.of("expected " + what + ", " + options.files().size() + " were given", example);
        }
        return options.files().getFirst();
    }

    /** Refuses arguments that are no options. */
    void none() {
        if (!options.files().isEmpty()) {
            throw InputError.of(
                    "'" + options.files().getFirst() + "' is not expected here", "--help shows what the command takes");
        }
    }
}
