package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.picture.ExperimentPicture;
import org.kolotoc.engine.prepare.Explained;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.why.Setting;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc explain}: what an experiment's programs become, before anything is trained. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=explain",
            "kolotoc.command.summary=shows an experiment: who is in it, its kernels, work and memory; trains nothing"
        })
public final class ExplainCommand implements Command {
    private static final String PICTURE = "--picture";

    private static final Syntax SYNTAX = Syntax.of("explain", "<experiment.json> [options]")
            .option(
                    "--why",
                    "<path>",
                    "who set that value, or all below it: the file, an option, a default of which plugin")
            .option("--program", "<name>", "only that program: train, evaluate")
            .option(PICTURE, "<file.svg>", "writes the whole as a picture: who gives what to whom")
            .flag("--listing", "also the tensor program, a line a node")
            .flag("--source", "also what the device compiles for each kernel (OpenCL C, PTX, CUDA C), on tornado")
            .takes(
                    Shared.SET,
                    Shared.SEED,
                    Shared.DATA,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.MEMORY,
                    Shared.DOWNLOAD,
                    Shared.JSON)
            .notes("""
                examples:
                  ./kolotoc explain examples/experiments/first.json
                  ./kolotoc explain examples/experiments/first.json --why phases.pretrain.learningRate
                  ./kolotoc explain examples/experiments/several.json --picture several.svg
                  ./kolotoc explain examples/experiments/first.json --program train --listing
                  ./kolotoc explain examples/experiments/first.json --backend tornado --source
                  ./kolotoc explain examples/experiments/shakespeare.json --set model.width=256 --json
                """);

    private static final int WIDEST = 60;
    private static final int LONGEST = 240;

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public ExplainCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::explain));
    }

    private int explain(Line line) {
        Path experiment = line.file("one experiment file", "./kolotoc explain examples/experiments/first.json");
        Options options = line.options();
        Client client = terminal.client(line.has(Shared.JSON));
        ExperimentFile file = engine.read(experiment, options, client);
        if (line.has("--why")) {
            return why(engine.why(file, line.text("--why").orElseThrow()), line.has(Shared.JSON));
        }
        try (Workbench bench = engine.workbench(file, options, client)) {
            bench.ledger().listen(noted -> client.warn(noted.silence().toString()));
            Explained explained = Explained.of(
                    bench,
                    engine.why(file, ""),
                    new Explained.Wish(line.text("--program"), line.has("--listing"), line.has("--source")),
                    line.memory());
            Optional<String> picture = line.text(PICTURE);
            if (picture.isPresent()) {
                write(Path.of(picture.get()), ExperimentPicture.svg(explained.experiment()));
            }
            if (line.has(Shared.JSON)) {
                terminal.out().println(Engine.json(explained));
            } else {
                explained.programs().forEach(this::print);
                if (line.has("--source") && noSource(explained)) {
                    terminal.out()
                            .println("the backend " + explained.backend() + " has no source text of its kernels;"
                                    + " --backend tornado has\n");
                }
                if (!line.has("--program")) {
                    terminal.out().print(OverviewTables.of(explained.experiment(), explained.memory()));
                }
                terminal.out()
                        .println("backend " + explained.backend() + ": " + explained.device() + "\nthe run: "
                                + explained.steps() + " steps, predicted memory "
                                + Printable.bytes(explained.memoryBytes()) + ", of which\n"
                                + explained.memory().table());
                picture.ifPresent(written -> terminal.out().println("the picture: " + written));
                if (!explained.memory().fits()) {
                    terminal.out()
                            .println("it would be refused: there is "
                                    + Printable.bytes(explained.memory().limit()) + " ("
                                    + explained.memory().limitedBy() + ")");
                }
            }
            return 0;
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw InputError.of(
                    PICTURE + " " + file + ": can't be written: " + Printable.reason(e),
                    "give a file in a folder that is there: " + PICTURE + " experiment.svg",
                    e);
        }
    }

    private int why(List<Setting> settings, boolean json) {
        if (json) {
            terminal.out().println(Engine.json(settings));
        } else if (settings.size() == 1) {
            Setting setting = settings.getFirst();
            terminal.out()
                    .println(Printable.lines(setting.path() + " = " + setting.value() + "\n  " + setting.by()
                            + (setting.help().isEmpty() ? "" : "\n  it is: " + setting.help())));
        } else {
            Table table = new Table("SETTING", "VALUE", "SET BY");
            settings.forEach(setting -> table.row(
                    Printable.cut(setting.path(), WIDEST),
                    Printable.cut(setting.value(), WIDEST),
                    Printable.cut(setting.by(), LONGEST)));
            terminal.out().print(table);
        }
        return 0;
    }

    private static boolean noSource(Explained explained) {
        return explained.programs().stream()
                .flatMap(program -> program.kernels().stream())
                .allMatch(kernel -> kernel.source() == null);
    }

    private void print(Explained.Program program) {
        terminal.out()
                .println("program " + program.name() + ": " + program.nodes() + " nodes, "
                        + program.kernels().size() + " kernels");
        if (program.listing() != null) {
            program.listing().forEach(terminal.out()::println);
        }
        Table table = new Table("KERNEL", "KIND", "MFLOP", "KB", "WHAT");
        program.kernels()
                .forEach(kernel -> table.row(
                        kernel.name(),
                        kernel.kind(),
                        number(kernel.flops() / 1e6),
                        number(kernel.bytes() / 1e3),
                        kernel.detail()));
        terminal.out().print(table);
        program.kernels().stream()
                .filter(kernel -> kernel.source() != null)
                .forEach(kernel -> terminal.out()
                        .println("\nsource of " + kernel.name() + ":\n"
                                + kernel.source().strip()));
        terminal.out()
                .println("a run of it: " + number(program.flops() / 1e6) + " MFLOP in products, "
                        + megabytes(program.bytes())
                        + " MB moved at least; memory " + megabytes(program.memoryBytes()) + " MB = states "
                        + megabytes(program.stateBytes()) + " + feeds and outputs " + megabytes(program.feedBytes())
                        + " + scratch " + megabytes(program.scratchBytes()) + " (" + megabytes(program.unsharedBytes())
                        + " if no buffer were used twice)\n");
    }

    private static String megabytes(long bytes) {
        return number(bytes / 1e6);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }
}
