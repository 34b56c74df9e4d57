package org.kolotoc.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.kolotoc.develop.Option;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line: what the launcher itself reads, and what the command gets.
 *
 * @param command name of the command; empty when help is wanted
 * @param rest the command's own arguments, in order
 * @param plugins jars given with {@code --plugin}
 * @param features features given with {@code --feature}, besides the usual ones
 * @param policies files given with {@code --policy}
 * @param debug whether {@code --debug} was given
 */
record Arguments(
        String command,
        List<String> rest,
        List<Path> plugins,
        List<String> features,
        List<Path> policies,
        boolean debug) {
    private static final String PLUGIN = "--plugin";
    private static final String FEATURE = "--feature";
    private static final String POLICY = "--policy";
    private static final String DEBUG = "--debug";
    private static final String END_OF_OPTIONS = "--";

    /** The launcher's options. */
    static final List<Option> OPTIONS = List.of(
            new Option(PLUGIN, "<jar>", """
                installs one more bundle (so do jars in the runtime's plugins folder); repeatable\
                """),
            new Option(FEATURE, "<name>", "installs one more feature of features/; repeatable"),
            new Option(POLICY, "<file>", """
                a policy of what code may run, besides the one beside the runtime; repeatable\
                """),
            new Option(DEBUG, "", "tells where an error comes from"));

    /** Takes the launcher's options out of a line, wherever they stand before a {@code --}. */
    static Arguments parse(String[] line) {
        List<String> all = List.of(line);
        int end = all.contains(END_OF_OPTIONS) ? all.indexOf(END_OF_OPTIONS) : line.length;
        List<String> head = all.subList(0, end);
        // The parser takes a tenth of a second to load, and most lines have none of these.
        if (head.stream().noneMatch(word -> word.matches("--(plugin|feature|policy|debug)(=.*)?"))) {
            return of(all, List.of(), List.of(), List.of(), false);
        }
        try {
            ParseResult found = new CommandLine(options()).parseArgs(head.toArray(String[]::new));
            List<String> rest = new ArrayList<>(found.unmatched());
            rest.addAll(all.subList(end, line.length));
            return of(
                    rest,
                    values(found, PLUGIN).stream().map(Path::of).toList(),
                    values(found, FEATURE),
                    values(found, POLICY).stream().map(Path::of).toList(),
                    found.hasMatchedOption(DEBUG));
        } catch (MissingParameterException e) {
            throw withoutValue(((OptionSpec) e.getMissing().getFirst()).longestName());
        } catch (ParameterException e) {
            throw new Problem(e.getMessage() + "; do: ./kolotoc --help", e);
        }
    }

    private static List<String> values(ParseResult found, String option) {
        List<String> values = found.matchedOptionValue(option, List.of());
        if (values.stream().anyMatch(value -> value.isEmpty() || value.startsWith("--"))) {
            throw withoutValue(option);
        }
        return values;
    }

    private static Problem withoutValue(String name) {
        String value = OPTIONS.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
        return new Problem("option " + name + " needs a value: " + name + " " + value + "; do: ./kolotoc --help");
    }

    private static Arguments of(
            List<String> line, List<Path> plugins, List<String> features, List<Path> policies, boolean debug) {
        boolean help = line.isEmpty() || List.of("--help", "-h", "help").contains(line.getFirst());
        return new Arguments(
                help ? "" : line.getFirst(),
                List.copyOf(help ? List.of() : line.subList(1, line.size())),
                List.copyOf(plugins),
                List.copyOf(features),
                List.copyOf(policies),
                debug);
    }

    private static CommandSpec options() {
        CommandSpec spec = CommandSpec.create();
        for (Option option : OPTIONS) {
            OptionSpec.Builder builder = OptionSpec.builder(option.name());
            if (!option.value().isEmpty()) {
                builder.type(List.class).auxiliaryTypes(String.class);
            }
            spec.addOption(builder.build());
        }
        spec.parser()
                .expandAtFiles(false)
                .overwrittenOptionsAllowed(true)
                .posixClusteredShortOptionsAllowed(false)
                .unmatchedArgumentsAllowed(true)
                .unmatchedOptionsArePositionalParams(true);
        return spec;
    }
}
