package org.kolotoc.launcher;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kolotoc.develop.Chore;
import org.kolotoc.develop.ExitCode;
import org.kolotoc.develop.Option;

/** All commands at a glance: those of the bundles and those of the script. */
final class Help {
    private Help() {}

    /** What {@code ./kolotoc --help} prints. */
    static void print(PrintStream out, Map<String, String> commands) {
        out.println("Kolotoč " + System.getProperty("kolotoc.version", "") + ": models and training phases as plugins,"
                + " compiled to SIMD kernels on the JVM.\n\n"
                + "  ./kolotoc run <experiment.json>   trains; for example examples/experiments/first.json\n"
                + "  ./kolotoc <command> --help        says what a command takes\n\n"
                + "commands:");
        commands.forEach((name, summary) -> out.println(line(name, summary)));
        out.println("\ncommands for people who work on the project:");
        for (Chore chore : Chore.values()) {
            out.println(line(chore.word(), chore.summary()));
        }
        out.println("\noptions before or after any other command:");
        Arguments.OPTIONS.forEach(option -> out.print(option.shown()));
        out.print("\nexit code:\n" + ExitCode.table());
    }

    private static String line(String name, String summary) {
        return String.format("  %-10s %s", name, summary);
    }

    /** Names of all commands. */
    static List<String> known(Map<String, String> commands) {
        List<String> all = new ArrayList<>(commands.keySet());
        Arrays.stream(Chore.values()).map(Chore::word).forEach(all::add);
        return all;
    }

    /**
     * What completion offers besides the commands of the bundles: a line with the launcher's options, then a line for
     * each command of the script with its options. Names of options that take a value end with {@code =}.
     */
    static String words() {
        return words(Arguments.OPTIONS) + "\n"
                + Arrays.stream(Chore.values())
                        .map(chore -> (chore.word() + " " + words(chore.options())).strip())
                        .collect(Collectors.joining("\n"));
    }

    private static String words(List<Option> options) {
        return options.stream()
                .map(option -> option.name() + (option.value().isEmpty() ? "" : "="))
                .collect(Collectors.joining(" "));
    }
}
