package org.kolotoc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
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
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.profile.Profile;
import org.kolotoc.engine.profile.Profiler;
import org.kolotoc.engine.report.Report;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc profile}: where the time of an experiment's step goes. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=profile",
            "kolotoc.command.summary=trains a few steps and shows where their time goes, kernel by kernel"
        })
public final class ProfileCommand implements Command {
    private static final Syntax SYNTAX = Syntax.of("profile", "<experiment.json> [options]", "<run folder> [options]")
            .option("--steps", "<number>", "steps that are measured; 30 if not given")
            .option("--warm-up", "<number>", "steps before; until they get no faster if not given")
            .flag("--all", "every launch for itself, in the order of execution; else layers alike are one line")
            .option(Shared.OUT.option(), "<folder>", """
                where profile.json and profile.svg are written; runs/<name>-profile-<time> if not given.
                A run's folder gets the picture into its report.html too, unless --set or --seed makes
                it another experiment\
                """)
            .takes(
                    Shared.SET,
                    Shared.SEED,
                    Shared.DATA,
                    Shared.BACKEND,
                    Shared.THREADS,
                    Shared.MEMORY,
                    Shared.DOWNLOAD,
                    Shared.JSON,
                    Shared.QUIET)
            .notes("""
                CUDA devices tell no times, OpenCL and PTX do.

                examples:
                  ./kolotoc profile examples/experiments/first.json
                  ./kolotoc profile examples/experiments/first.json --threads 1 --steps 60 --all
                  ./kolotoc profile runs/shakespeare-1-20260101-120000
                """);

    private static final int STEPS = 30;

    /** Share of the step below which lines are put together. */
    private static final double SMALL = 0.002;

    private final Engine engine;
    private final Terminal terminal;

    @Activate
    public ProfileCommand(@Reference Engine engine, @Reference Terminal terminal) {
        this.engine = engine;
        this.terminal = terminal;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return terminal.guarded(() -> SYNTAX.run(arguments, terminal.out(), this::profile));
    }

    private int profile(Line line) throws IOException {
        Path given =
                line.file("one experiment file or run folder", "./kolotoc profile examples/experiments/first.json");
        Options options = line.options();
        boolean silent = line.has(Shared.JSON) || line.has(Shared.QUIET);
        Client client = terminal.client(silent);
        boolean run = Files.isDirectory(given);
        Engine.look(given);
        ExperimentFile file = engine.read(run ? given.resolve("experiment.json") : given, options, client);
        int steps = line.count("--steps").orElse(STEPS);
        OptionalLong warmUp = line.count("--warm-up").map(OptionalLong::of).orElseGet(OptionalLong::empty);
        try (Workbench bench = engine.workbench(file, options, client)) {
            MemoryPlan.of(bench, line.memory()).require(bench);
            Path folder = folder(run ? Optional.of(given) : Optional.empty(), file, options);
            Progress progress = new Progress(steps, silent, terminal.line());
            Profile profile = new Profiler(bench, steps, warmUp, progress::show).measure();
            progress.end();
            Path picture = profile.write(folder);
            Report.refresh(folder);
            if (line.has(Shared.JSON)) {
                terminal.out().println(Engine.json(profile));
            } else {
                profile.phases().forEach(phase -> print(phase, line.has("--all")));
                terminal.out()
                        .println("backend " + profile.backend() + ": " + profile.device() + "\npicture: " + picture);
            }
            return 0;
        }
    }

    /** Where the profile is written; made before anything is measured. */
    private Path folder(Optional<Path> run, ExperimentFile file, Options options) {
        Path folder = options.out()
                .or(() -> run.filter(path -> file.trainsAs(ExperimentFile.read(path.resolve("experiment.json")))))
                .orElseGet(() -> fresh(file.experiment().name()));
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw InputError.of("the output folder " + folder + " is a file", "give a folder: --out <folder>");
        }
        Engine.look(folder);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw InputError.of(
                    "the output folder " + folder + " can't be made: " + Printable.reason(e),
                    "give another folder: --out <folder>",
                    e);
        }
    }

    private Path fresh(String name) {
        String stamp = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return engine.project().resolve("runs").resolve(name + "-profile-" + stamp);
    }

    private void print(Profile.Phase phase, boolean all) {
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "phase %s: %.3f ms a step, mean of %d steps; %.3f ms of it in %d kernels",
                        phase.name(),
                        phase.stepMs(),
                        phase.steps(),
                        phase.kernelMs(),
                        phase.kernels().size()));
        Table table = new Table("MS", "SHARE %", "LEAST US", "GFLOP/S", "GB/S", "LAUNCHES", "KIND", "KERNEL", "WHAT");
        double small = 0;
        int smallLaunches = 0;
        for (Profile.Kernel kernel : all ? phase.kernels() : phase.grouped()) {
            if (!all && kernel.ms() < SMALL * phase.stepMs()) {
                small += kernel.ms();
                smallLaunches += kernel.launches();
                continue;
            }
            table.row(
                    number(kernel.ms()),
                    share(kernel.ms(), phase),
                    number(kernel.leastUs()),
                    number(kernel.gflops()),
                    number(kernel.gbytes()),
                    "x" + kernel.launches(),
                    kernel.kind(),
                    (kernel.program().equals("train") ? "" : kernel.program() + ": ") + kernel.name(),
                    kernel.detail());
        }
        if (smallLaunches > 0) {
            table.row(number(small), share(small, phase), " ", " ", " ", "x" + smallLaunches, "", "smaller ones", "");
        }
        table.row(
                number(phase.outsideMs()),
                share(phase.outsideMs(), phase),
                " ",
                " ",
                " ",
                "",
                "",
                "outside of kernels",
                "");
        terminal.out().print(table);
        Map<String, Double> kinds = new TreeMap<>();
        phase.kernels().forEach(kernel -> kinds.merge(kernel.kind(), kernel.ms(), Double::sum));
        StringBuilder sums = new StringBuilder("by kind:");
        kinds.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(kind -> sums.append(String.format(
                        Locale.ROOT,
                        " %s %.2f ms (%.0f %%)",
                        kind.getKey(),
                        kind.getValue(),
                        100 * kind.getValue() / phase.stepMs())));
        terminal.out().println(sums + "\n");
    }

    private static String share(double ms, Profile.Phase phase) {
        return String.format(Locale.ROOT, "%.1f", 100 * ms / phase.stepMs());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    /** How far the steps are, on standard error. */
    private static final class Progress {
        private final long steps;
        private final boolean silent;
        private final StatusLine line;
        private long began;

        Progress(long steps, boolean silent, StatusLine line) {
            this.steps = steps;
            this.silent = silent;
            this.line = line;
        }

        void show(String phase, long done) {
            long now = System.nanoTime();
            began = done <= 1 ? now : began;
            if (silent || !line.isDue()) {
                return;
            }
            double left = done > 1 ? (now - began) / 1e9 / (done - 1) * (steps - done) : 0;
            line.show(
                    done == 0
                            ? phase + ": warming up"
                            : phase + ": step " + done + "/" + steps + ", " + StatusLine.clock(left) + " left");
        }

        void end() {
            line.end();
        }
    }
}
