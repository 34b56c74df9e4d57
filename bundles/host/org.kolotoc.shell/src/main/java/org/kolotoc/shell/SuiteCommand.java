package org.kolotoc.shell;

import java.io.IOException;
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
import org.kolotoc.engine.suite.Row;
import org.kolotoc.engine.suite.Suite;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc suite}: runs the experiments of a folder. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=suite",
            "kolotoc.command.summary=runs the experiments of a folder and says which met their criteria; goes on where"
                    + " it was stopped",
            "kolotoc.command.stoppable=true",
            "kolotoc.command.stopping=stopping when the step and what is due after it are done"
        })
public final class SuiteCommand implements Command {
    private static final String ONLY = "--only";
    private static final String BUDGET = "--budget";

    private static final Syntax SYNTAX = Syntax.of("suite", "<folder> [options]")
            .repeated(ONLY, "<names>", "experiments by the names of their files, without .json: R33,R40")
            .option(
                    BUDGET,
                    "<time>",
                    "how long all of it may take, as 20m, 1h30m or 90s; then the run that goes on is saved")
            .takes(Shared.OUT, "where the suite is written; runs/suite-<folder> if not given")
            .takes(
                    Shared.SET,
                    Shared.SEED,
                    Shared.DATA,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.MEMORY,
                    Shared.PATIENCE,
                    Shared.ISOLATED,
                    Shared.TRUST,
                    Shared.DOWNLOAD,
                    Shared.JSON,
                    Shared.QUIET)
            .notes("""
                Each experiment has a run in the suite's folder, runs/suite-<folder> if --out says nothing else; index.html there
                links their reports, suite.jsonl has a line for each. What was judged is not run again, unless its file, --seed
                or --set makes another experiment of it; what was stopped, killed or could not be judged is gone on with by
                the same command. To run all anew, give another --out. With --seed every experiment has that seed.

                met, not met, void (a control met the criteria too), no criteria; not evaluated: stopped, or something was
                missing or broken, which is said.

                examples:
                  ./kolotoc suite examples/experiments --only first,several
                  ./kolotoc suite examples/experiments --budget 20m --seed 7
                  ./kolotoc suite examples/experiments --json

                exit code: 0 all met, or without criteria; 1 some not; 2 bad input; 129, 130, 143 stopped, and saved
                """);

    private final Engine engine;
    private final Terminal terminal;
    private final BooleanSupplier stop;

    @Activate
    public SuiteCommand(
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
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::suite));
    }

    private int suite(Line line) throws IOException {
        List<String> only = Budget.names(line, ONLY);
        Suite suite =
                engine.suite(line.file("one folder", "./kolotoc suite examples/experiments"), only, line.options());
        SuiteProgress shown = new SuiteProgress(terminal, line.has(Shared.JSON), line.has(Shared.QUIET));
        List<Row> rows;
        try {
            rows = suite.run(line.text(BUDGET).map(text -> Budget.of(BUDGET, text)), stop, shown);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.code();
        } finally {
            shown.end();
        }
        if (!line.has(Shared.JSON)) {
            terminal.out().println(table(rows));
            terminal.out().println(Suite.summary(rows) + "\nreports: " + suite.page());
        }
        return (stop.getAsBoolean()
                        ? ExitCode.INTERRUPTED
                        : rows.stream().allMatch(row -> row.state().isWell()) ? ExitCode.DONE : ExitCode.FAILED)
                .code();
    }

    static String table(List<Row> rows) {
        Table table = new Table("experiment", "verdict", "time", "why");
        for (Row row : rows) {
            table.row(
                    row.experiment(),
                    row.state().label(),
                    StatusLine.clock(row.seconds()),
                    Printable.lines(row.reason()));
        }
        return table.toString().stripTrailing();
    }
}
