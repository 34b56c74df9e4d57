package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.replay.Difference;
import org.kolotoc.engine.replay.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc replay}: takes steps of a run again and says whether they give what its folder has. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=replay",
            "kolotoc.command.summary=takes steps of a run again and compares each state and number",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping when this step is done"
        })
public final class ReplayCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of("replay", "<run folder> [--from <step>] [--to <step>] [options]")
            .option(
                    "--from",
                    "<step>",
                    "begins with the checkpoint of that step, 0 for the beginning; the earliest if not given")
            .option("--to", "<step>", "the last step; that of the last checkpoint if not given")
            .option(
                    "--every",
                    "<steps>",
                    "with --json: hashes after every so many steps, besides those with a checkpoint")
            .takes(
                    Shared.DATA,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.MEMORY,
                    Shared.DOWNLOAD,
                    Shared.TRUST,
                    Shared.JSON,
                    Shared.QUIET)
            .notes("""
                Steps are taken with the bundles that the run's lock.json names, on the backend it began on, and held against
                the tensors of its checkpoints and, in between, the numbers of metrics.jsonl. Nothing in the folder is written.

                examples:
                  ./kolotoc replay runs/shakespeare-1-20260101-120000
                  ./kolotoc replay runs/shakespeare-1-20260101-120000 --from 0 --to 200 --every 1 --json

                exit code: 0 all is equal; 1 something differs: the first step and tensor are named; 2 bad input
                """);

    private final Engine engine;
    private final Terminal terminal;
    private final BooleanSupplier stop;

    @Activate
    public ReplayCommand(
            @Reference Engine engine,
            @Reference Terminal terminal,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop) {
        this.engine = engine;
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::replay));
    }

    private int replay(Line line) throws IOException {
        Path run = line.file("one run folder", "./kolotoc replay runs/<run folder>");
        boolean quiet = line.has(Shared.QUIET) || line.has(Shared.JSON);
        StatusLine status = terminal.line();
        ReplayProgress progress = new ReplayProgress(status, System::nanoTime);
        Outcome outcome;
        try {
            outcome = engine.replay(
                    run,
                    line.options(),
                    line.count("--to").map(Integer::longValue),
                    line.count("--every").orElse(0),
                    terminal.client(stop, quiet),
                    quiet ? (_, _, _) -> {} : progress::show);
        } finally {
            status.end();
        }
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(Told.of(run, outcome)));
        } else {
            print(outcome);
        }
        return (outcome.differences().isEmpty() ? ExitCode.DONE : ExitCode.FAILED).code();
    }

    private void print(Outcome outcome) {
        String taken = "took the steps " + (outcome.from() + 1) + " to " + outcome.to() + " again: ";
        outcome.remarks().forEach(remark -> terminal.err().println("note: " + Printable.lines(remark)));
        if (outcome.differences().isEmpty()) {
            terminal.out()
                    .println(taken
                            + outcome.compared()
                                    .map(step -> "equal up to step " + step)
                                    .orElse("nothing was recorded of them to compare with"));
        } else {
            terminal.out()
                    .println(taken
                            + outcome.compared()
                                    .map(step -> "equal up to step " + step + ", then")
                                    .orElse("from the first on")
                            + " they differ");
            outcome.differences().forEach(difference -> terminal.out().println(Printable.lines(difference.toString())));
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param equalUpTo null where nothing was equal, or recorded to compare with
     */
    private record Told(
            String run,
            long from,
            long to,
            Long equalUpTo,
            List<Difference> differences,
            List<Outcome.Point> states,
            List<String> notes) {
        static Told of(Path run, Outcome outcome) {
            return new Told(
                    run.toString(),
                    outcome.from(),
                    outcome.to(),
                    outcome.compared().orElse(null),
                    outcome.differences(),
                    outcome.points(),
                    outcome.remarks());
        }
    }
}
