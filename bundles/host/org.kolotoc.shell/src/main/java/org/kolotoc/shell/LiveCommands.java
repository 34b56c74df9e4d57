package org.kolotoc.shell;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers the commands that ask one thing of a run that goes on, and print its answer. */
@Component(service = {})
public final class LiveCommands {
    private static final String COMMAND = "kolotoc.command";
    private static final String EXAMPLE = "runs/shakespeare-1-20260101-120000";

    private final List<ServiceRegistration<?>> offered;

    @Activate
    public LiveCommands(BundleContext context, @Reference Engine engine, @Reference Terminal terminal) {
        offered = all(engine, terminal).stream()
                .<ServiceRegistration<?>>map(one -> context.registerService(
                        ToIntFunction.class,
                        one,
                        new Hashtable<>(Map.of(COMMAND, one.name(), COMMAND + ".summary", one.summary()))))
                .toList();
    }

    @Deactivate
    void withdraw() {
        offered.forEach(ServiceRegistration::unregister);
    }

    /**
     * Such a command.
     *
     * @param asks the run, and says what to print
     */
    record Asking(LiveRuns runs, String name, String summary, Syntax syntax, Function<Live, String> asks)
            implements Command {
        @Override
        public int applyAsInt(String[] arguments) {
            return runs.terminal()
                    .guarded(() -> syntax.run(arguments, runs.terminal().out(), line -> {
                        runs.terminal().out().println(asks.apply(runs.one(line, name)));
                        return 0;
                    }));
        }
    }

    /** One for each. */
    static List<Asking> all(Engine engine, Terminal terminal) {
        LiveRuns runs = new LiveRuns(engine, terminal);
        return List.of(
                asking(
                        runs,
                        "pause",
                        "lets a run wait before its next step",
                        "It keeps its memory, and can be spoken to.",
                        live -> "waits after step " + live.pause() + "; let it go on: ./kolotoc go "
                                + Printable.word(live.folder())),
                asking(
                        runs,
                        "go",
                        "lets a run go on that waits",
                        "",
                        live -> live.go() ? "goes on" : "did not wait, and goes on"),
                asking(
                        runs,
                        "save",
                        "has a run write a checkpoint before its next step",
                        "Answers when it is written.",
                        live -> "saved after step " + live.save()),
                asking(
                        runs,
                        "stop",
                        "ends a run, saved",
                        "As Ctrl-C does where it was begun. Answers when it has ended.",
                        Live::stop));
    }

    private static Asking asking(
            LiveRuns runs, String name, String summary, String notes, Function<Live, String> asks) {
        return new Asking(runs, name, summary, syntax(name, notes, runs), asks);
    }

    private static Syntax syntax(String name, String notes, LiveRuns runs) {
        return Syntax.of(name, "[<run folder>] [options]")
                .ofLiveRuns()
                .takes(Shared.QUIET)
                .notes((notes.isEmpty() ? "" : notes + "\n")
                        + "The folder may be left out where one run alone goes on in "
                        + runs.usual().getFileName()
                        + ".\n\nexamples:\n  ./kolotoc " + name + "\n  ./kolotoc " + name + " " + EXAMPLE);
    }
}
