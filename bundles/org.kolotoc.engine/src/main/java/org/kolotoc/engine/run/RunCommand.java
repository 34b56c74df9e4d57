package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.MemoryPlan;
import org.kolotoc.engine.Options;
import org.kolotoc.engine.Sampler;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.report.Report;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.verdict.Verdict;
import org.kolotoc.tensor.DeviceFailure;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc run}: trains, headless. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=run",
            "kolotoc.command.summary=trains what an experiment describes; --resume goes on with a run",
            "kolotoc.command.stoppable=true"
        })
public final class RunCommand implements ToIntFunction<String[]> {
    private static final int MET = 0;
    private static final int NOT_MET = 1;
    private static final int INTERRUPTED = 130;

    private final Engine engine;
    private final BundleContext context;
    private final BooleanSupplier stop;

    @Activate
    public RunCommand(
            BundleContext context,
            @Reference Engine engine,
            @Reference(target = "(kolotoc.stop=true)") BooleanSupplier stop) {
        this.context = context;
        this.engine = engine;
        this.stop = stop;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return engine.guarded(() -> run(Options.parse(arguments)));
    }

    private static final String HELP = """
        usage: ./kolotoc run <experiment.json> [options]
               ./kolotoc run --resume <run folder> [--from <step>]

          --out <folder>         where the run is written; runs/<name>-<seed>-<time> if not given
          --resume <folder>      goes on with a run from its newest checkpoint
          --from <step>          with --resume: from the checkpoint of that step
        """ + Options.HELP + """

        examples:
          ./kolotoc run examples/experiments/first.json
          ./kolotoc run examples/experiments/shakespeare.json --seed 2 --set phases.0.steps=500
          ./kolotoc run --resume runs/shakespeare-2-20260101-120000

        A run that goes on may be given what only steps to come notice: --set for the last phase's steps (a learning rate
        that falls over all steps does so anew from there), evaluateAt, evaluateEvery, samples, metrics, criteria,
        controls, checkpointEvery; --backend and --threads. experiment.json then holds what runs, run.json what was
        changed at which step. Other settings belong to the run's past and are refused. With --from, later checkpoints
        and samples move to the folder superseded.

        exit code: 0 criteria met (or none), 1 not met, 2 bad input or a device that fails, 130 stopped by Ctrl-C (and saved)
        """;

    private int run(Options options) throws IOException {
        if (options.help()) {
            System.out.print(HELP);
            return MET;
        }
        if (options.resume().isPresent()) {
            if (!options.files().isEmpty()) {
                throw InputError.of(
                        "--resume takes the run's own experiment; '"
                                + options.files().getFirst() + "' was given too",
                        "leave the experiment out");
            }
            if (options.out().isPresent()) {
                throw InputError.of(
                        "--out " + options.out().get() + " was given with --resume, which goes on in the run's own"
                                + " folder; expected one of the two",
                        "leave --out out");
            }
            return resume(options, options.resume().get());
        }
        if (options.from().isPresent()) {
            throw InputError.of(
                    "--from " + options.from().get() + " was given without --resume; expected the run whose checkpoint"
                            + " of that step is meant",
                    "./kolotoc run --resume <run folder> --from "
                            + options.from().get());
        }
        if (options.files().size() != 1) {
            throw InputError.of(
                    "run takes one experiment file, " + options.files().size() + " were given",
                    "./kolotoc run examples/experiments/first.json");
        }
        ExperimentFile file = engine.read(Path.of(options.files().getFirst()), options);
        try (Workbench bench = engine.workbench(file, options, Optional.empty())) {
            MemoryPlan memory = MemoryPlan.of(bench, Sampler.check(bench, file.source()), options.memory());
            memory.require(bench);
            try (RunFolder folder = RunFolder.create(
                    options.out(),
                    engine.project(),
                    bench.experiment().name(),
                    bench.experiment().seed())) {
                return begin(bench, memory.total(), folder, file, options);
            }
        }
    }

    private int begin(Workbench bench, long predicted, RunFolder folder, ExperimentFile file, Options options) {
        try {
            folder.write("experiment.json", file.json());
            folder.write(Lock.FILE, Lock.of(context, bench));
            try (MetricsLog log = MetricsLog.begin(folder.path())) {
                return drive(bench, predicted, folder, log, new Measured(), 0, options);
            }
        } catch (IOException e) {
            throw RunFolder.unwritable(folder.path(), e);
        }
    }

    private int resume(Options options, Path path) throws IOException {
        try (RunFolder folder = RunFolder.existing(path)) {
            return goOn(options, folder);
        }
    }

    private int goOn(Options options, RunFolder folder) {
        Path path = folder.path();
        Path recorded = path.resolve("experiment.json");
        ExperimentFile past = ExperimentFile.read(recorded);
        ExperimentFile file = engine.read(recorded, options);
        past.experiment();
        int phases = file.experiment().phases().size();
        List<Changes.Change> changes = Changes.between(past.json(), file.json());
        Changes.requireAhead(changes, phases, folder, options);
        Checkpoints.Checkpoint checkpoint = new Checkpoints(path).read(options.from());
        long step = checkpoint.step();
        try (Workbench bench = engine.workbench(file, options, Optional.of(checkpoint.snapshot()))) {
            bench.requireTokenizer(checkpoint.tokenizer());
            Lock.requireSameData(folder, bench);
            MemoryPlan memory = MemoryPlan.of(bench, Sampler.check(bench, file.source()), options.memory());
            memory.requireToGoOn(bench, path);
            if (bench.steps() < step) {
                throw InputError.of(
                        "the checkpoint is of step " + step + ", but $.phases[" + (phases - 1)
                                + "].steps makes the run end after step " + bench.steps(),
                        "give more steps, or an earlier checkpoint: --from <step>");
            }
            Lock.otherBundles(folder, context).ifPresent(RunCommand::warn);
            Optional<String> aside = folder.supersede(step, step < bench.steps() || !changes.isEmpty());
            Status status = new Status(folder);
            if (!changes.isEmpty()) {
                status.changed(step, changes);
                status.write("running", step);
                folder.write("experiment.json", file.json());
            }
            Measured measured = new Measured();
            try (MetricsLog log = MetricsLog.resume(path, step, measured)) {
                if (!options.quiet() && !options.json()) {
                    aside.ifPresent(System.out::println);
                }
                return drive(bench, memory.total(), folder, log, measured, step, options);
            }
        } catch (IOException e) {
            throw RunFolder.unwritable(path, e);
        }
    }

    private static void warn(String what) {
        System.err.println("warning: " + what);
    }

    private int drive(
            Workbench bench,
            long predicted,
            RunFolder folder,
            MetricsLog log,
            Measured measured,
            long first,
            Options options)
            throws IOException {
        List<String> warnings = engine.warnings(bench);
        if (!warnings.isEmpty()) {
            warn(String.join("; ", warnings));
        }
        Status status = new Status(folder);
        boolean silent = options.quiet() || options.json();
        Verdict verdict;
        try (Progress progress = new Progress(System.out, bench.steps(), silent, bench.backend()::compiling)) {
            progress.say(
                    bench.experiment().name() + ", seed " + bench.experiment().seed() + ", "
                            + bench.backend().id() + ": "
                            + bench.backend().device() + "\nmemory predicted: " + MemoryPlan.text(predicted) + "\n"
                            + (first == 0 ? "writes " : "goes on after step " + first + " in ")
                            + folder.path());
            status.on(first, bench.backend());
            status.write("running", first);
            Runner runner = new Runner(bench, folder, log, measured, progress, provenance(bench), stop);
            Runner.End end = runner.run(first);
            log.flush();
            if (!end.complete()) {
                status.write("stopped", end.step());
                progress.end();
                System.err.println("stopped and saved after step " + end.step() + "; go on: ./kolotoc run --resume "
                        + folder.path());
                return INTERRUPTED;
            }
            verdict = runner.judge();
        } catch (DeviceFailure e) {
            log.flush();
            throw failed(e, folder, status);
        }
        folder.write("verdict.json", verdict.json());
        long peak = bench.backend().memory().peak();
        status.memory(predicted, peak);
        status.write("finished", bench.steps());
        Report.write(folder.path());
        if (options.json()) {
            System.out.println(verdict.json());
        } else {
            System.out.println(verdict.table());
            if (peak > 0) {
                System.out.println(
                        "memory held at most: " + MemoryPlan.text(peak) + ", predicted " + MemoryPlan.text(predicted));
            }
            System.out.println("report: " + folder.path().resolve("report.html"));
        }
        return switch (verdict.outcome()) {
            case MET, NONE -> MET;
            case NOT_MET, VOID -> NOT_MET;
        };
    }

    /** What a device's failure means for the run: it goes on from its newest checkpoint, wherever that is read. */
    private static InputError failed(DeviceFailure e, RunFolder folder, Status status) throws IOException {
        List<Long> steps = new Checkpoints(folder.path()).steps();
        status.write("stopped", steps.isEmpty() ? 0 : steps.getLast());
        return InputError.of(
                e.getMessage(),
                steps.isEmpty()
                        ? "the run had no checkpoint yet; run it on the processor: --backend cpu, with another --out"
                        : "go on after step " + steps.getLast() + " on the processor: ./kolotoc run --resume "
                                + folder.path() + " --backend cpu",
                e);
    }

    private JsonObject provenance(Workbench bench) {
        JsonObject json = new JsonObject();
        json.addProperty("seed", bench.experiment().seed());
        json.add("bundles", Lock.bundles(context));
        if (bench.data() instanceof org.kolotoc.api.text.TextDataset text) {
            json.addProperty("tokenizer", text.tokenizer().state());
        }
        return json;
    }
}
