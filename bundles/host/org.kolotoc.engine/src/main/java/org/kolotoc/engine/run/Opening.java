package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.folder.MetricsLog;
import org.kolotoc.engine.folder.MetricsPart;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.lease.Trusted;
import org.kolotoc.engine.open.Changes;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.open.Start;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.replay.Certificate;
import org.kolotoc.engine.state.Checkpoints;
import org.osgi.framework.BundleContext;

/**
 * Begins runs and lets runs go on: prepares the experiment, makes sure that it fits and that a folder's past stays what
 * it was, takes the folder, and hands both to {@link Run}.
 *
 * @param stop whether to end at the next step
 */
record Opening(Engine engine, BundleContext context, BooleanSupplier stop, Options options) {
    /** Begins a run in a folder of its own; the exit code. */
    int begin(ExperimentFile file) throws IOException {
        Optional<JsonArray> proof = Optional.empty();
        if (file.experiment().certify()) {
            try (Workbench bench = engine.workbench(file, options, Leases.free(), Optional.empty(), false, stop)) {
                MemoryPlan.of(bench, options.memory()).require(bench);
            }
            proof = Optional.of(proved(file, false));
        }
        Path path;
        int code;
        Leases leases = Leases.free();
        try (Workbench bench = engine.workbench(file, options, leases, Optional.empty(), false, stop)) {
            MemoryPlan memory = MemoryPlan.of(bench, options.memory());
            memory.require(bench);
            try (RunFolder folder = RunFolder.create(
                    options.out(),
                    engine.project(),
                    bench.experiment().name(),
                    bench.experiment().seed())) {
                path = folder.path();
                code = begin(bench, leases, memory.total(), folder, file, proof);
            }
        }
        return code == Run.UNPROVED ? prove(path) : code;
    }

    /** Shows that the run of an experiment can be resumed, before the most of it is done. */
    private JsonArray proved(ExperimentFile file, boolean ofRun) throws IOException {
        say("stops after a few steps of each phase and resumes, to show that the run can be resumed");
        JsonArray proof = Certificate.of(engine, file, options, ofRun, stop);
        say("resume proved: the same states and measures");
        return proof;
    }

    private void say(String what) {
        if (!options.quiet() && !options.json()) {
            System.out.println(what);
        }
    }

    /** Goes on with a run that turned out to be a long one, once it was shown that it can be resumed. */
    private int prove(Path path) throws IOException {
        try (RunFolder folder = RunFolder.existing(path)) {
            say("this run will take more than an hour");
            Lock.prove(folder, proved(ExperimentFile.read(path.resolve(RunFolder.EXPERIMENT)), true));
        } catch (InputError | PluginFailure e) {
            try (RunFolder folder = RunFolder.existing(path)) {
                new Status(folder)
                        .write(
                                Status.State.FAILED,
                                new Checkpoints(path).steps().getLast(),
                                e.getMessage());
            }
            throw e;
        }
        return new Opening(engine, context, stop, options.withoutFrom()).goOn(path);
    }

    private int begin(
            Workbench bench,
            Leases leases,
            long predicted,
            RunFolder folder,
            ExperimentFile file,
            Optional<JsonArray> proof)
            throws IOException {
        Ending ending = new Ending(folder, new Status(folder), new Measured());
        return ending.noted(() -> {
            folder.write(RunFolder.EXPERIMENT, file.json());
            InstalledBundles installed = engine.installed();
            LockedSeats seats =
                    LockedSeats.of(folder.path()).with(leases, installed, Trusted.of(context), 0, folder::keep);
            folder.write(Lock.FILE, Lock.of(installed, bench, seats, proof, file.origin()));
            try (MetricsLog log = MetricsLog.begin(folder)) {
                return run(bench, ending, log).drive(Start.NEW, predicted);
            }
        });
    }

    /** Goes on with the run of a folder; the exit code. */
    int goOn(Path path) throws IOException {
        int code;
        try (RunFolder folder = RunFolder.existing(path)) {
            code = goOn(folder);
        }
        return code == Run.UNPROVED ? prove(path) : code;
    }

    private int goOn(RunFolder folder) throws IOException {
        Path path = folder.path();
        Path recorded = path.resolve(RunFolder.EXPERIMENT);
        ExperimentFile past = ExperimentFile.read(recorded);
        past.experiment();
        ExperimentFile file = engine.changed(past.copy(), options);
        Experiment experiment = file.experiment();
        int phases = experiment.phases().size();
        long end = Timeline.of(experiment).steps();
        List<Changes.Change> changes = Changes.between(past.json(), file.json());
        Changes.requireAhead(changes, phases, folder, options);
        Checkpoints checkpoints = new Checkpoints(path);
        Checkpoints.Checkpoint checkpoint = checkpoints.read(options.from());
        long step = checkpoint.step();
        if (end < step) {
            throw InputError.of(
                    "the checkpoint is of step " + step + ", but $.phases[" + (phases - 1)
                            + "].steps makes the run end after step " + end,
                    "give more steps, or an earlier checkpoint: --from <step>");
        }
        MetricsPart metrics = MetricsPart.of(folder, checkpoint);
        Ending ending = new Ending(folder, new Status(folder), new Measured());
        metrics.lines(ending.measured()::restore);
        ending.measured().made(step);
        Leases leases = engine.leases(path, options);
        Optional<Past> before = Optional.of(Past.of(checkpoint, checkpoints));
        try (Workbench bench = engine.workbench(file, options, leases, before, true, stop)) {
            bench.requireTokenizer(checkpoint.tokenizer());
            MemoryPlan memory = MemoryPlan.of(bench, options.memory());
            memory.requireToGoOn(bench, path);
            InstalledBundles installed = engine.installed();
            OtherCode.of(path, installed, bench.backend()).forEach(Run::warn);
            if (checkpoint.metrics().isEmpty()) {
                Run.warn("the checkpoint of step " + step + " is of an older version and does not say which metrics"
                        + " belong to it; the lines up to its step are taken for them");
            }
            List<LockedSeats.Change> refilled = LockedSeats.of(path).changes(leases, installed);
            refilled.forEach(change -> Run.warn(change + " from step " + (step + 1) + " on"));
            boolean anew = step < bench.steps() || !changes.isEmpty() || !refilled.isEmpty();
            return ending.noted(() -> {
                Optional<String> aside = folder.supersede(step, anew, metrics.followed());
                if (!options.quiet() && !options.json()) {
                    aside.ifPresent(System.out::println);
                }
                Lock.refill(folder, installed, Trusted.of(context), leases, step);
                ending.status().goesOn(step);
                refilled.forEach(change -> ending.status()
                        .refilled(
                                step,
                                change.seat().toString(),
                                change.is().toString(),
                                change.was().toString()));
                if (!changes.isEmpty() || !refilled.isEmpty()) {
                    changes.forEach(change -> ending.status().changed(step, change.set(), change.was()));
                    ending.status().write(Status.State.RUNNING, step);
                    folder.write(RunFolder.EXPERIMENT, file.json());
                }
                try (MetricsLog log = MetricsLog.resume(folder, metrics)) {
                    return run(bench, ending, log).drive(Start.after(checkpoint), memory.total());
                }
            });
        }
    }

    private Run run(Workbench bench, Ending ending, MetricsLog log) {
        return new Run(
                bench,
                ending.folder(),
                ending.status(),
                log,
                ending.measured(),
                provenance(bench),
                stop,
                engine.screen(),
                options);
    }

    /** What a checkpoint says of its origin. */
    private JsonObject provenance(Workbench bench) {
        JsonObject json = new JsonObject();
        json.addProperty("seed", bench.experiment().seed());
        json.add("bundles", engine.installed().json());
        JsonObject dimensions = new JsonObject();
        new TreeMap<>(bench.dimensions()).forEach(dimensions::addProperty);
        json.add(Checkpoints.DIMENSIONS, dimensions);
        bench.tokenizer().ifPresent(known -> json.addProperty(Checkpoints.TOKENIZER, known.state()));
        return json;
    }
}
