package org.kolotoc.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.need.Reason;
import org.kolotoc.engine.plan.Plan;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc plan}: opens an experiment whose plugins need not be there, and says what is missing. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=plan",
            "kolotoc.command.summary=opens an experiment and says which plugins it lacks, and who has them"
        })
public final class PlanCommand implements Command {
    private static final int SHOWN = 200;

    private static final Syntax SYNTAX = Syntax.of("plan", "<experiment.json or run folder> [options]")
            .flag(WhyCommand.RAW, "also the filters that manifests write needs as")
            .takes(Shared.SET, Shared.SEED, Shared.BACKEND, Shared.JSON)
            .notes("""
                Lists the seats of an experiment and who would fill each. For one that nobody fills: who needs it, what is
                installed but can't be used, which feature, jar or run folder has it, and the next command. Its settings
                are kept as they are. Reads and computes nothing else.

                examples:
                  ./kolotoc plan examples/experiments/first.json
                  ./kolotoc plan experiment-of-a-colleague.json --json

                exit codes: 0 all is there, 2 something is missing
                """);

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public PlanCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::plan));
    }

    private int plan(Line line) {
        Path file = line.file("one experiment file or run folder", "./kolotoc plan examples/experiments/first.json");
        Path experiment = Files.isDirectory(file) ? file.resolve("experiment.json") : file;
        Plan plan = engine.plan(engine.read(experiment, line.options(), terminal.client(line.has(Shared.JSON))));
        if (line.has(Shared.JSON)) {
            terminal.out().println(Engine.json(plan));
        } else {
            print(plan, line.has(WhyCommand.RAW));
        }
        return (plan.complete() ? ExitCode.DONE : ExitCode.BAD_INPUT).code();
    }

    private void print(Plan plan, boolean filters) {
        Table table = new Table("PATH", "KIND", "ID", "FILLED BY");
        plan.seats()
                .forEach(seat -> table.row(
                        Printable.cut(seat.path(), SHOWN),
                        seat.kind(),
                        Printable.cut(seat.id(), SHOWN),
                        seat.missing() != null ? "nobody" : (seat.bundle() + " " + seat.version()).strip()));
        terminal.out().print(table);
        List<Plan.Seat> missing = plan.missing();
        for (Plan.Seat seat : missing) {
            terminal.out().println();
            List<String> lines = told(seat).lines(filters);
            say(seat.path() + ": " + lines.getFirst());
            lines.stream().skip(1).forEach(line -> say(line.startsWith(" ") ? line : "  " + line));
        }
        if (!plan.faults().isEmpty()) {
            terminal.out().println();
            plan.faults().forEach(this::say);
        }
        terminal.out().println();
        say(
                plan.complete()
                        ? plan.experiment() + ": all that it needs is there; do: ./kolotoc run "
                                + Printable.word(plan.experiment())
                        : plan.experiment() + ": " + count(missing.size(), "plugin") + " missing, "
                                + count(plan.faults().size(), "other fault") + "; mend what is said above, then:"
                                + " ./kolotoc plan " + Printable.word(plan.experiment()));
    }

    /** What is missing, and besides it who needs it. */
    private static Reason told(Plan.Seat seat) {
        Reason told = seat.missing();
        if (!seat.users().isEmpty()) {
            told = told.and(Reason.of("needed by " + String.join(", ", seat.users())));
        }
        return seat.fields().isEmpty()
                ? told
                : told.and(Reason.of("its settings are kept as they are: " + String.join(", ", seat.fields())));
    }

    private void say(String text) {
        terminal.out().println(Printable.lines(text));
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
