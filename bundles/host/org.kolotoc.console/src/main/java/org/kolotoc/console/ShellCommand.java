package org.kolotoc.console;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.apache.felix.service.command.CommandProcessor;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.LineInput;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.fill.Seats;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc shell}: the commands, line after line, in one process. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=shell",
            "kolotoc.command.summary=the commands, line after line, in one process; completes what is typed",
            "kolotoc.command.stoppable=true"
        })
public final class ShellCommand implements Command {
    static final String NAME = "shell";

    private static final Syntax SYNTAX = Syntax.of(NAME, "").notes("""
        Each line is a command as it is typed behind ./kolotoc; help lists them, and exit or Ctrl-D ends. The tab key completes
        commands, options, ids of plugins, folders of runs and paths; lines are kept in ~/.kolotoc/history. Ctrl-C stops the
        command that runs, a run saved, and not the shell. Lines may come from a file or a pipe, too.

        examples:
          ./kolotoc shell
          echo list | ./kolotoc shell

        exit code: that of the last command; of each that is not 0 it is told
        """);

    private final BundleContext context;
    private final Engine engine;
    private final CommandProcessor processor;
    private final BooleanSupplier stop;
    private final Runnable ask;
    private final Runnable forget;
    private final Runnable help;

    @Activate
    public ShellCommand(
            BundleContext context,
            @Reference Engine engine,
            @Reference CommandProcessor processor,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop,
            @Reference(target = "(kolotoc.stop=ask)") Runnable ask,
            @Reference(target = "(kolotoc.stop=forget)") Runnable forget,
            @Reference(target = "(kolotoc.help=true)") Runnable help) {
        this.context = context;
        this.engine = engine;
        this.processor = processor;
        this.stop = stop;
        this.ask = ask;
        this.forget = forget;
        this.help = help;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        try {
            return SYNTAX.run(arguments, System.out, this::shell);
        } catch (IOException | RuntimeException | Error e) {
            Failure failure = Failure.of(e);
            System.err.println(failure.text());
            return failure.code().code();
        }
    }

    private int shell(Line line) throws IOException {
        line.none();
        Commands commands = new Commands(context);
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            try (Lines lines = new Lines(context, commands, processor, ask, forget, help)) {
                return typed(lines, commands);
            }
        }
        // Whoever stops this process means all that is still to come.
        try (Lines lines = new Lines(context, commands, processor, ask, () -> {}, help)) {
            return read(lines);
        }
    }

    /** Lines of a file or a pipe. */
    private int read(Lines lines) throws IOException {
        // Lines behind one that a command reads itself are the command's.
        LineInput in = new LineInput(new FileInputStream(FileDescriptor.in));
        int code = ExitCode.DONE.code();
        for (Optional<String> line = in.next(); line.isPresent() && !isEnd(line.get()); line = in.next()) {
            if (!line.get().isBlank()) {
                code = lines.run(line.get());
            }
            if (stop.getAsBoolean()) {
                return ExitCode.INTERRUPTED.code();
            }
        }
        return code;
    }

    /** Lines that somebody types. */
    private int typed(Lines lines, Commands commands) throws IOException {
        int code = ExitCode.DONE.code();
        try (Terminal terminal = terminal()) {
            terminal.handle(Terminal.Signal.INT, _ -> lines.interrupt());
            LineReader reader = reader(terminal, commands);
            while (true) {
                try {
                    String line = reader.readLine("kolotoc> ");
                    if (isEnd(line)) {
                        return code;
                    }
                    if (!line.isBlank()) {
                        code = lines.run(line);
                    }
                } catch (UserInterruptException _) {
                    // What was typed is dropped.
                } catch (EndOfFileException _) {
                    return code;
                }
            }
        }
    }

    /** JLine looks for its ways to the system's terminal where the thread says, and they are in this bundle. */
    private static Terminal terminal() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Terminal.class.getClassLoader());
        try {
            return TerminalBuilder.builder()
                    .name("kolotoc")
                    .system(true)
                    .dumb(true)
                    .build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private LineReader reader(Terminal terminal, Commands commands) {
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("kolotoc")
                .completer(words(commands))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        history().ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        return builder.build();
    }

    Words words(Commands commands) {
        return new Words(
                () -> commands.all().keySet(),
                name -> Optional.ofNullable(commands.all().get(name)).flatMap(Commands.Typed::syntax),
                this::seats,
                Path.of("")
                        .toAbsolutePath()
                        .relativize(engine.project().toAbsolutePath().resolve("runs")));
    }

    private Map<String, List<String>> seats() {
        Map<String, List<String>> seats = new LinkedHashMap<>();
        for (Seats.Installed plugin : engine.seats().installed()) {
            seats.computeIfAbsent(plugin.kind(), _ -> new ArrayList<>()).add(plugin.id());
        }
        return seats;
    }

    /** Where lines are kept; nowhere where there is no home. */
    private static Optional<Path> history() {
        try {
            Path home = Path.of(System.getProperty("user.home"), ".kolotoc");
            Files.createDirectories(home);
            return Optional.of(home.resolve("history"));
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private static boolean isEnd(String line) {
        return List.of("exit", "quit").contains(line.strip());
    }
}
