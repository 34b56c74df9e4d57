package org.kolotoc.shell;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc completion}: lets bash complete the commands that are plugged in and their options. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=completion", "kolotoc.command.summary=prints a script that lets bash complete"})
public final class CompletionCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of("completion").notes("""
        Prints a script for bash that completes commands and their options.

        examples:
          source <(./kolotoc completion)                  in this shell
          ./kolotoc completion >> ~/.bash_completion      in every shell from now on
        """);

    private final BundleContext context;
    private final Engine engine;
    private final Terminal terminal;
    private final Supplier<String> others;

    @Activate
    public CompletionCommand(
            BundleContext context,
            @Reference Engine engine,
            @Reference Terminal terminal,
            @Reference(target = "(kolotoc.words=true)") Supplier<String> others) {
        this.context = context;
        this.engine = engine;
        this.terminal = terminal;
        this.others = others;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::completion));
    }

    private int completion(Line line) {
        line.none();
        terminal.out().print(Syntax.completion(commands(), others.get().lines().toList()));
        return 0;
    }

    /** Those of all bundles that say what they take, this one among them, by their words: bundles start in any order. */
    private List<Syntax> commands() {
        try {
            return context.getServiceReferences(ToIntFunction.class, "(kolotoc.command=*)").stream()
                    .sorted(Comparator.comparing(CompletionCommand::word))
                    .map(this::service)
                    .filter(Command.class::isInstance)
                    .flatMap(command -> syntax((Command) command).stream())
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String word(ServiceReference<?> reference) {
        return String.valueOf(reference.getProperty("kolotoc.command"));
    }

    /** A command that others made and that breaks is not completed. */
    private Optional<Syntax> syntax(Command command) {
        try {
            return Optional.ofNullable(command.syntax());
        } catch (RuntimeException | LinkageError e) {
            terminal.err()
                    .println("warning: left out: " + command.getClass().getName() + ": "
                            + Printable.lines(e.toString()));
            return Optional.empty();
        }
    }

    private Object service(@SuppressWarnings("rawtypes") ServiceReference<ToIntFunction> reference) {
        return context.getService(reference);
    }
}
