package org.kolotoc.shell;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.command.Line;

/** What people type of several runs: how long all may take, and which are wanted. */
final class Budget {
    private static final Pattern TIME = Pattern.compile("(?:(\\d{1,4})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8})s?)?");

    private Budget() {}

    /**
     * A time.
     *
     * @param option that has it
     * @throws InputError when it is none, or no time at all
     */
    static Duration of(String option, String text) {
        Matcher time = TIME.matcher(text);
        Duration budget = Duration.ZERO;
        if (time.matches()) {
            budget = Duration.ofHours(number(time.group(1)))
                    .plusMinutes(number(time.group(2)))
                    .plusSeconds(number(time.group(3)));
        }
        if (budget.isZero()) {
            throw InputError.of(option + " " + text + ": expected a time, as 20m, 1h30m or 90s", option + " 20m");
        }
        return budget;
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** Names behind an option, typed one by one or with commas. */
    static List<String> names(Line line, String option) {
        return line.texts(option).stream()
                .flatMap(names -> Stream.of(names.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
