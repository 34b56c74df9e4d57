package org.kolotoc.engine.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.folder.RunFolder;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a command takes: its usage, options and examples. */
public final class Syntax {
    private static final String HELP = "--help";
    private static final int WIDTH = 120;
    private static final int OPTION_WIDTH = 30;

    /** Characters of commands and options at which a line might end, and letters that no help is written in, at which none does. */
    private static final String BREAKING = "./ -";

    private static final String LETTERS = "\u10a0\u10a1\u10a2\u10a3";

    /** What a line may not end within. */
    private static final Pattern WHOLE = Pattern.compile("\\./kolotoc |-(?=[-a-z])");

    /** Name of the function that bash asks. */
    private static final String COMPLETE = "_complete_kolotoc";

    /**
     * Folders below {@code runs} with a run's socket, besides the words, for the commands that take one; bash goes on with names
     * of files where nothing fits. (A socket that a killed process left is offered too: the command says so.)
     */
    private static final String LIVE_RUNS = """

        function %1$s() {
          local socket word=${COMP_WORDS[COMP_CWORD]}
          %1$s_words "$@"
          [[ ${COMP_WORDS[1]} =~ ^(%2$s)$ && $COMP_CWORD -gt 1 && $word != -* ]] || return 0
          for socket in runs/*/%3$s; do
            [[ ! -S $socket || ${socket%%/*} != "$word"* ]] || COMPREPLY+=("${socket%%/*}")
          done
        }
        """;

    private final String name;
    private final List<String> usages;
    private final List<Own> options = new ArrayList<>();
    private String notes = "";
    private boolean live;

    /** An option; its value has no name when it takes none. */
    private record Own(String option, String value, String help, boolean repeatable) {}

    private Syntax(String name, List<String> usages) {
        this.name = name;
        this.usages = usages;
    }

    /**
     * Begins the declaration of a command.
     *
     * @param name as it is typed
     * @param usages what may follow the name, one line each
     */
    public static Syntax of(String name, String... usages) {
        return new Syntax(name, List.of(usages));
    }

    /** Adds an option that takes a value. */
    public Syntax option(String option, String value, String help) {
        options.add(new Own(option, value, help, false));
        return this;
    }

    /** Adds an option that takes a value each time it is given. */
    public Syntax repeated(String option, String value, String help) {
        options.add(new Own(option, value, help, true));
        return this;
    }

    /** Adds an option that takes none. */
    public Syntax flag(String option, String help) {
        return option(option, "", help);
    }

    /** Adds options that other commands take too. */
    public Syntax takes(Shared... shared) {
        for (Shared one : shared) {
            options.add(new Own(one.option(), one.value(), one.help(), one == Shared.SET));
        }
        return this;
    }

    /** Adds one that other commands take too, which is something else here. */
    public Syntax takes(Shared shared, String help) {
        options.add(new Own(shared.option(), shared.value(), help, shared == Shared.SET));
        return this;
    }

    /** Folders of runs that go on are what may follow the name: they are completed. */
    public Syntax ofLiveRuns() {
        live = true;
        return this;
    }

    /** Adds what {@code --help} tells after the options: remarks, examples, exit codes. */
    public Syntax notes(String text) {
        notes = text.strip();
        return this;
    }

    /** What a command does with its line. */
    @FunctionalInterface
    public interface Body {
        int run(Line line) throws IOException;
    }

    /**
     * Reads a line and hands it to the command, or prints the help that it asks for.
     *
     * @param out takes the help
     * @return the exit code
     * @throws InputError when an option is unknown or lacks its value
     */
    public int run(String[] arguments, PrintStream out, Body body) throws IOException {
        Line line = parse(arguments);
        if (line.has(HELP)) {
            out.print(help());
            return 0;
        }
        return body.run(line);
    }

    /**
     * Reads a line: {@code --out folder} and {@code --out=folder} are the same, and after {@code --} nothing is an option.
     *
     * @throws InputError when an option is unknown or lacks its value
     */
    public Line parse(String... arguments) {
        requireValues(arguments);
        try {
            return new Line(new CommandLine(spec()).parseArgs(arguments));
        } catch (UnmatchedArgumentException e) {
            String wrong = e.getUnmatched().getFirst().replaceFirst("=.*", "");
            List<String> known = options.stream().map(Own::option).toList();
            throw InputError.of(
                    name + " has no option " + wrong + Nearest.hint(wrong, known),
                    "leave it out; ./kolotoc " + name + " --help lists what there is",
                    e);
        } catch (MissingParameterException e) {
            throw withoutValue(((OptionSpec) e.getMissing().getFirst()).longestName());
        } catch (ParameterException e) {
            throw InputError.of(e.getMessage(), "./kolotoc " + name + " --help shows what it takes", e);
        }
    }

    /** An option is the value of another only behind an equals sign: {@code --prompt=--all}, not {@code --out --json}. */
    private void requireValues(String[] arguments) {
        for (int i = 0; i + 1 < arguments.length && !arguments[i].equals("--"); i++) {
            Own own = find(arguments[i]);
            if (own != null && !own.value.isEmpty()) {
                if (find(arguments[i + 1].replaceFirst("=.*", "")) != null) {
                    throw withoutValue(own.option);
                }
                i++;
            }
        }
    }

    private Own find(String option) {
        return options.stream()
                .filter(own -> own.option.equals(option))
                .findFirst()
                .orElse(null);
    }

    private InputError withoutValue(String option) {
        return InputError.of(
                "option " + option + " needs a value after it: " + option + " " + find(option).value,
                "./kolotoc " + name + " --help shows which");
    }

    /** Names of all options, for who completes them. */
    public List<String> options() {
        return Stream.concat(options.stream().map(Own::option), Stream.of(HELP)).toList();
    }

    /** A text whose lines end within no command and no option, as long as it is written with these letters. */
    private static String unbroken(String text) {
        return WHOLE.matcher(text).replaceAll(found -> written(found.group(), BREAKING, LETTERS));
    }

    private static String written(String text, String with, String as) {
        String written = text;
        for (int i = 0; i < with.length(); i++) {
            written = written.replace(with.charAt(i), as.charAt(i));
        }
        return written;
    }

    /** What {@code --help} prints. */
    public String help() {
        CommandSpec spec = spec();
        spec.parser().separator(" ");
        spec.usageMessage()
                .width(WIDTH)
                .longOptionsMaxWidth(OPTION_WIDTH)
                .sortOptions(false)
                .synopsisHeading("usage: ")
                .customSynopsis(("./kolotoc " + name + " "
                                + String.join("\n       ./kolotoc " + name + " ", usages)
                                        .strip())
                        .split("\n"))
                .optionListHeading("%n")
                .footerHeading("%n")
                .footer(notes.replace("%", "%%").split("\n"));
        return written(new CommandLine(spec).getUsageMessage(Ansi.OFF), LETTERS, BREAKING);
    }

    private CommandSpec spec() {
        CommandSpec spec = CommandSpec.create().name(name);
        for (Own own : options) {
            OptionSpec.Builder option = OptionSpec.builder(own.option)
                    .description(unbroken(own.help).replace("%", "%%").split("\n"));
            if (!own.value.isEmpty()) {
                option.paramLabel(own.value).type(own.repeatable ? List.class : String.class);
            }
            spec.addOption(option.build());
        }
        spec.addOption(OptionSpec.builder("-h", HELP)
                .usageHelp(true)
                .description(unbroken(
                        "says this; before or after any command: --plugin, --feature, --policy, --debug, see ./kolotoc"
                                + " --help"))
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .type(List.class)
                .hidden(true)
                .build());
        spec.parser()
                .allowOptionsAsOptionParameters(true)
                .expandAtFiles(false)
                .overwrittenOptionsAllowed(true)
                .posixClusteredShortOptionsAllowed(false);
        return spec;
    }

    /**
     * A script that completes {@code ./kolotoc} in bash.
     *
     * @param commands with their options
     * @param others what no bundle offers: options of every command in the first line, then a line for each command, its
     *     name and options; names of options that take a value end with {@code =}
     */
    public static String completion(List<Syntax> commands, List<String> others) {
        List<String> everywhere =
                others.isEmpty() ? List.of() : List.of(others.getFirst().split(" "));
        List<Syntax> all = new ArrayList<>(commands);
        others.stream()
                .skip(1)
                .map(line -> List.of(line.split(" ")))
                .forEach(words -> all.add(of(words.getFirst()).words(words.subList(1, words.size()))));
        CommandLine script = new CommandLine(CommandSpec.create().name("kolotoc"));
        for (Syntax syntax : all) {
            Syntax complete = of(syntax.name).words(everywhere);
            complete.options.addAll(syntax.options);
            script.addSubcommand(complete.name, complete.spec());
        }
        String words = AutoComplete.bash("kolotoc", script);
        return words.replace("function " + COMPLETE + "()", "function " + COMPLETE + "_words()")
                + LIVE_RUNS.formatted(
                        COMPLETE,
                        String.join(
                                "|",
                                commands.stream()
                                        .filter(command -> command.live)
                                        .map(command -> command.name)
                                        .toList()),
                        RunFolder.SOCKET);
    }

    private Syntax words(List<String> words) {
        words.forEach(word -> option(word.replace("=", ""), word.endsWith("=") ? "<value>" : "", ""));
        return this;
    }
}
