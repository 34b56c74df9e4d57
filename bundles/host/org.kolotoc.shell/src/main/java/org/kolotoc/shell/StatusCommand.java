package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.channel.RunStatus;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc status}: which runs go on, and how. */
@Component(
        service = ToIntFunction.class,
        property = {"kolotoc.command=status", "kolotoc.command.summary=which runs go on, and how each of them is"})
public final class StatusCommand implements Command {
    private static final String FOLLOW = "--follow";

    private static final Syntax SYNTAX = Syntax.of("status", "[<run folder>] [options]", "[<folder of runs> ...]")
            .ofLiveRuns()
            .flag(FOLLOW, "each event of the run from now on as a line of JSON, as run --json prints them")
            .takes(Shared.JSON, Shared.QUIET)
            .notes("""
                Without a folder: all that go on in runs. Of one run: what it measured last, too. A run listens on a socket in
                its folder, for its own user alone; it is as fast, and gives the same bytes, whoever asks.

                examples:
                  ./kolotoc status
                  ./kolotoc status runs/shakespeare-1-20260101-120000
                  ./kolotoc status runs /data/runs --json
                  ./kolotoc status runs/shakespeare-1-20260101-120000 --follow
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public StatusCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::status));
    }

    private int status(Line line) throws IOException {
        LiveRuns runs = new LiveRuns(engine, terminal);
        if (line.has(FOLLOW)) {
            runs.one(line, "status " + FOLLOW).follow(event -> terminal.out().println(event));
            return 0;
        }
        List<Path> folders = line.files().isEmpty()
                ? List.of(runs.usual())
                : line.files().stream().map(Path::of).toList();
        if (folders.size() == 1 && RunFolder.isRun(folders.getFirst())) {
            RunStatus one = engine.live(folders.getFirst(), _ -> {}).status();
            terminal.out().println(line.has(Shared.JSON) ? Engine.json(List.of(one)) : details(one));
            return 0;
        }
        List<RunStatus> all = new ArrayList<>();
        for (Path folder : folders) {
            if (!line.files().isEmpty() && !Files.isDirectory(folder)) {
                throw InputError.of(
                        "there is no folder " + folder + "; expected that of a run, or of runs",
                        "./kolotoc status looks in " + runs.usual());
            }
            for (Live live : engine.liveIn(folder)) {
                try {
                    all.add(live.status());
                } catch (InputError e) {
                    // The others are told of all the same.
                    terminal.err().println("warning: " + Printable.lines(e.getMessage()));
                }
            }
        }
        terminal.out().println(line.has(Shared.JSON) ? Engine.json(all) : all.isEmpty() ? none(folders) : table(all));
        return 0;
    }

    private static String none(List<Path> folders) {
        return "no run goes on in "
                + String.join(", ", folders.stream().map(Path::toString).toList())
                + "; those of another folder: ./kolotoc status <folder of runs>, or begin one: ./kolotoc run"
                + " <experiment>";
    }

    private static String table(List<RunStatus> all) {
        Table table = new Table("run", "state", "phase", "step", "of", "measure", "rate", "left", "process");
        for (RunStatus run : all) {
            table.row(
                    run.folder(),
                    run.state(),
                    run.phase(),
                    run.step(),
                    run.steps(),
                    run.headline(),
                    run.rate(),
                    left(run),
                    run.pid());
        }
        return table.toString().stripTrailing();
    }

    private static String details(RunStatus run) {
        Table table = new Table("run", run.folder())
                .row("state", run.state() + ", " + run.doing())
                .row("phase", run.phase());
        if (!run.rate().isEmpty()) {
            table.row("rate", run.rate());
        }
        if (run.secondsLeft() != null) {
            table.row("left", left(run));
        }
        table.row("process", run.pid() + ", since " + run.since());
        run.swaps().forEach(swap -> table.row("to come", swap));
        run.measures().forEach((name, value) -> table.row(name, Measures.number(value)));
        return (table + (run.probes().isEmpty() ? "" : "\n" + ProbeCommand.table(run.probes()))).stripTrailing();
    }

    private static String left(RunStatus run) {
        return run.secondsLeft() == null || !run.state().equals("running") ? "" : StatusLine.clock(run.secondsLeft());
    }
}
