package org.kolotoc.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc swap}: puts another bundle into a seat of a run that goes on. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=swap",
            "kolotoc.command.summary=puts another bundle into a seat of a run that goes on"
        })
public final class SwapCommand implements Command {
    private static final String NAME = "swap";
    private static final String EXAMPLE = "./kolotoc swap runs/<run folder> phase:pretrain my-pretrain-1.1.0.jar";

    private static final Syntax SYNTAX = Syntax.of(NAME, "[<run folder>] <kind>[:<id>] <jar> [options]")
            .ofLiveRuns()
            .option("--at", "<step>", "when so many steps are taken; before the next one if not given")
            .option("--trust", "", "also a bundle that broke in this run before")
            .takes(Shared.JSON, Shared.QUIET)
            .notes("""
                Between two steps the new plugin is prepared over the run's state, then the old one is closed; where it does not
                fit, the run goes on as it was. Its weights, its optimiser's memory and its place in the data stay. lock.json and
                run.json say what filled the seat up to which step, the folder keeps the jar, and replay and --resume use it.
                The command waits until it is done, and says how it went; Ctrl-C before that takes the wish back. status shows
                what is to come.
                The id may be left out where the run has one seat of the kind: phase, model, data, optimizer, sampler, metric,
                tokenizer, adapter, or one that a plugin brings. The folder may be left out where one run alone goes on in runs.

                examples:
                  ./kolotoc swap phase:pretrain my-pretrain-1.1.0.jar
                  ./kolotoc swap runs/shakespeare-1-20260101-120000 model my-gpt-1.1.0.jar --at 500

                exit code: 0 it was swapped; 2 it does not fit, and the run goes on as it was
                """);

    private final Terminal terminal;
    private final LiveRuns runs;

    @Activate
    public SwapCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.terminal = terminal;
        this.runs = new LiveRuns(engine, terminal);
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::swap));
    }

    private int swap(Line line) {
        List<Path> given = line.paths();
        if (given.size() < 2 || given.size() > 3) {
            throw InputError.of(
                    "expected a seat and a jar, or a run folder before them; " + given.size() + " words were given",
                    EXAMPLE);
        }
        if (given.size() == 2 && RunFolder.isRun(given.getFirst())) {
            throw InputError.of(
                    "expected a jar after the seat '" + line.files().getLast() + "'",
                    "./kolotoc swap " + Printable.word(given.getFirst()) + " "
                            + line.files().getLast() + " <jar>");
        }
        Live run = given.size() == 2 ? runs.only(line, NAME) : runs.of(given.getFirst(), line);
        String seat = line.files().get(given.size() - 2);
        Swapped swapped =
                run.swap(seat, given.getLast(), line.count("--at").map(Integer::longValue), line.has("--trust"));
        terminal.out().println(line.has(Shared.JSON) ? Engine.json(swapped) : told(swapped));
        return 0;
    }

    private static String told(Swapped swapped) {
        return String.format(
                Locale.ROOT,
                "%s is %s after step %d, was %s; the run stood still for %.1f ms",
                swapped.seat(),
                swapped.is(),
                swapped.step(),
                swapped.was(),
                swapped.milliseconds());
    }
}
