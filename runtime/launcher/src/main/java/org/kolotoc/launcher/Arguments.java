package org.kolotoc.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line: what the launcher itself reads, and what the command gets.
 *
 * @param command name of the command; empty when help is wanted
 * @param rest the command's own arguments, in order
 * @param plugins jars given with {@code --plugin}
 * @param features features given with {@code --feature}, besides the usual ones
 * @param debug whether {@code --debug} was given
 */
record Arguments(String command, List<String> rest, List<Path> plugins, List<String> features, boolean debug) {

    static Arguments parse(String[] line) {
        List<String> rest = new ArrayList<>();
        List<Path> plugins = new ArrayList<>();
        List<String> features = new ArrayList<>();
        boolean debug = false;
        for (int i = 0; i < line.length; i++) {
            switch (line[i]) {
                case "--plugin" -> plugins.add(Path.of(value(line, ++i, "a jar: --plugin <file.jar>")));
                case "--feature" -> features.add(value(line, ++i, "a feature: --feature <name>"));
                case "--debug" -> debug = true;
                default -> rest.add(line[i]);
            }
        }
        boolean help = rest.isEmpty() || List.of("--help", "-h", "help").contains(rest.getFirst());
        String command = help ? "" : rest.getFirst();
        return new Arguments(
                command,
                List.copyOf(help ? List.of() : rest.subList(1, rest.size())),
                List.copyOf(plugins),
                List.copyOf(features),
                debug);
    }

    private static String value(String[] line, int index, String expected) {
        if (index == line.length || line[index].startsWith("--")) {
            throw new Problem("option " + line[index - 1] + " needs " + expected);
        }
        return line[index];
    }
}
