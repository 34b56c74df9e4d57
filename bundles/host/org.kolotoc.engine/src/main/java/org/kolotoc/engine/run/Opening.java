package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.folder.ExperimentSeal;
import org.kolotoc.engine.folder.MetricsLog;
import org.kolotoc.engine.folder.MetricsPart;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.lease.Brought;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.lease.OtherCode;
import org.kolotoc.engine.ledger.LedgerFile;
import org.kolotoc.engine.ledger.Line;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.open.Changes;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.open.Start;
import org.kolotoc.engine.picture.ExperimentPicture;
import org.kolotoc.engine.prepare.Budget;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Overview;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.probe.Probes;
import org.kolotoc.engine.replay.Certificate;
import org.kolotoc.engine.state.Checkpoints;

/**
 * Begins runs and lets runs go on: prepares the experiment, makes sure that it fits and that a folder's past stays what
 * it was, takes the folder, and hands both to {@link Drive}.
 */
record Opening(Workshop workshop, Run run, Client client, Options options) {
    private static final String RUN = "the run";
    private static final String EDITED =
            "experiment.json is not what any part of the run was made with: somebody changed it; it is taken as it is";

    /** Begins a run in a folder of its own. */
    Run.Result begin(ExperimentFile file) throws IOException {
        return back(() -> beginFirst(file));
    }

    /** Does what may find that the run has to go on from a checkpoint. */
    private Run.Result back(Ending.Work work) throws IOException {
        try {
            return work.run();
        } catch (GoBack e) {
            // What is not finite any more, or hung, is quarantined: what people asked for once is not asked for again.
            return new Opening(workshop, run, client, options.from(Optional.empty())).goOn(e.folder());
        }
    }

    private Run.Result beginFirst(ExperimentFile file) throws IOException {
        Optional<JsonArray> proof = Optional.empty();
        if (file.experiment().certify()) {
            try (Workbench bench = workshop.workbench(file, options, Leases.free(), Optional.empty(), false, client);
                    Budget.Promise _ = promise(bench, plan -> plan.require(bench))) {
                // It fits: worth the while.
            }
            proof = Optional.of(proved(file, false));
        }
        Begun begun = begun(file, proof);
        return begun.result() == null ? prove(begun.folder()) : begun.result();
    }

    /**
     * A run that was begun.
     *
     * @param result null where it is to be shown first that it can be resumed
     */
    private record Begun(Path folder, Run.Result result) {}

    /** Nothing of what it was begun with stays, whoever goes on with it: a frame keeps what its plugins made. */
    private Begun begun(ExperimentFile file, Optional<JsonArray> proof) throws IOException {
        Leases leases = Leases.free();
        try (Workbench bench = workshop.workbench(file, options, leases, Optional.empty(), false, client);
                Budget.Promise memory = promise(bench, plan -> plan.require(bench));
                RunFolder folder = RunFolder.create(
                        options.out(),
                        workshop.project(),
                        bench.experiment().name(),
                        bench.experiment().seed())) {
            run.holds(Run.Held.preparing(folder));
            return new Begun(folder.path(), begin(bench, leases, memory, folder, file, proof));
        }
    }

    /** Takes a share of the memory. */
    private Budget.Promise promise(Workbench bench, Consumer<MemoryPlan> require) {
        return workshop.budget().promise(bench.experiment().name(), bench, options.memory(), require);
    }

    /** Shows that the run of an experiment can be resumed, before the most of it is done. */
    private JsonArray proved(ExperimentFile file, boolean ofRun) throws IOException {
        client.note("stops after a few steps of each phase and resumes, to show that the run can be resumed");
        JsonArray proof = Certificate.of(workshop, file, options, ofRun, client);
        client.note("resume proved: the same states and measures");
        return proof;
    }

    /** Goes on with a run that turned out to be a long one, once it was shown that it can be resumed. */
    private Run.Result prove(Path path) throws IOException {
        try (RunFolder folder = RunFolder.existing(path)) {
            client.note("this run will take more than an hour");
            Lock.prove(folder, proved(read(path.resolve(RunFolder.EXPERIMENT)), true));
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
        return new Opening(workshop, run, client, options.from(Optional.empty())).goOn(path);
    }

    private Run.Result begin(
            Workbench bench,
            Leases leases,
            Budget.Promise memory,
            RunFolder folder,
            ExperimentFile file,
            Optional<JsonArray> proof)
            throws IOException {
        Ending ending = new Ending(folder, new Status(folder), new Measured());
        return ending.noted(() -> {
            folder.write(RunFolder.EXPERIMENT, file.json());
            InstalledBundles installed = workshop.installed();
            LockedSeats seats =
                    LockedSeats.of(folder.path()).with(leases, installed, workshop.trusted(), 0, folder::keep);
            folder.write(Lock.FILE, Lock.of(installed, bench, seats, proof, file));
            draw(bench, memory.plan(), folder, file);
            bench.ledger().listen(line -> client.warn(line.silence().toString()));
            Swapper swapper = new Swapper(
                    workshop,
                    file,
                    options,
                    leases,
                    bench,
                    memory,
                    plan -> plan.require(bench),
                    folder,
                    ending.status(),
                    client,
                    List.of());
            try (MetricsLog log = MetricsLog.begin(folder)) {
                return drive(bench, memory, ending, log, swapper, Start.NEW);
            }
        });
    }

    /** The picture is that of the whole: a run some of whose phases ended keeps the one it has. */
    private void draw(Workbench bench, MemoryPlan memory, RunFolder folder, ExperimentFile file) throws IOException {
        if (bench.stages().size() == bench.experiment().phases().size()) {
            folder.write(RunFolder.PICTURE, ExperimentPicture.svg(Overview.of(bench, memory, workshop.why(file, ""))));
        }
    }

    /** Does what is to be done where a plugin breaks, after a thread hung in it that held this. */
    Run.Result after(Run.Held held, RuntimeException hanging) throws IOException {
        return back(() -> {
            try (RunFolder _ = held.folder()) {
                if (held.containment().isEmpty()) {
                    return endedBy(hanging);
                }
                Containment containment = held.containment().get();
                try {
                    held.saving().save();
                } catch (IOException | RuntimeException _) {
                    // Then there is what was saved before.
                }
                return containment.ending().noted(() -> containment.contained(() -> endedBy(hanging)));
            }
        });
    }

    /** Ends so. */
    static Run.Result endedBy(RuntimeException failure) {
        throw failure;
    }

    /** Goes on with the run of a folder. */
    Run.Result goOn(Path path) throws IOException {
        return back(() -> goOnFirst(path));
    }

    private Run.Result goOnFirst(Path path) throws IOException {
        Run.Result result;
        try (RunFolder folder = RunFolder.existing(path)) {
            run.holds(Run.Held.preparing(folder));
            result = goOn(folder);
        }
        return result == null ? prove(path) : result;
    }

    private Run.Result goOn(RunFolder folder) throws IOException {
        Path path = folder.path();
        Path recorded = path.resolve(RunFolder.EXPERIMENT);
        ExperimentFile past = read(recorded);
        past.experiment();
        ExperimentFile file = Workshop.changed(past.copy(), options);
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
        LockedSeats locked = LockedSeats.of(path);
        Leases leases =
                workshop.leases(locked, locked.next(step, workshop.installed(), options.trust()), options, client);
        Optional<Past> before = Optional.of(Past.of(checkpoint, checkpoints));
        try (Workbench bench = workshop.workbench(file, options, leases, before, true, client)
                        .withTokenizer(checkpoint.tokenizer());
                Budget.Promise memory = promise(bench, plan -> plan.requireToGoOn(bench, path))) {
            InstalledBundles installed = workshop.installed();
            RunLedger ledger = bench.ledger();
            ledger.reached(
                    step,
                    experiment.phases().get(bench.timeline().phaseOf(step)).name());
            OtherCode.of(path, leases, installed, bench.backend())
                    .forEach(what -> ledger.note(Ledger.Kind.OTHER_CODE, RUN, RunFolder.LOCK, what));
            if (!ExperimentSeal.isKnown(path, past.json())) {
                ledger.note(Ledger.Kind.UNVERIFIED, RUN, RunFolder.EXPERIMENT, EDITED);
            }
            if (checkpoint.metrics().isEmpty()) {
                ledger.note(
                        Ledger.Kind.UNVERIFIED,
                        RUN,
                        Checkpoints.FOLDER,
                        "the checkpoint of step " + step + " is of an older version and does not say which metrics"
                                + " belong to it; the lines up to its step are taken for them");
            }
            List<LockedSeats.Change> refilled = locked.changes(locked.at(step), leases, installed);
            refilled.forEach(change -> ledger.note(
                    Ledger.Kind.OTHER_CODE, RUN, RunFolder.LOCK, change + " from step " + (step + 1) + " on"));
            ledger.refuse();
            List<Line> noted = LedgerFile.read(path);
            boolean anew = step < bench.steps() || !changes.isEmpty() || !refilled.isEmpty();
            return ending.noted(() -> {
                Optional<String> aside = folder.supersede(step, anew, metrics.followed());
                ledger.listen(line -> client.warn(line.silence().toString()));
                ledger.restore(
                        noted.stream().filter(line -> line.step() <= step).toList());
                aside.ifPresent(client::note);
                Lock.refill(folder, installed, workshop.trusted(), leases, step);
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
                    Lock.know(folder, file);
                    folder.write(RunFolder.EXPERIMENT, file.json());
                    draw(bench, memory.plan(), folder, file);
                }
                Swapper swapper = new Swapper(
                        workshop,
                        file,
                        options,
                        leases,
                        bench,
                        memory,
                        plan -> plan.requireToGoOn(bench, path),
                        folder,
                        ending.status(),
                        client,
                        again(locked, step, leases));
                try (MetricsLog log = MetricsLog.resume(folder, metrics)) {
                    return drive(bench, memory, ending, log, swapper, Start.after(checkpoint));
                }
            });
        }
    }

    /** What the run swapped after a step that it goes on from, where it is not filled otherwise by then. */
    private List<Swap> again(LockedSeats locked, long step, Leases leases) {
        List<Swap> again = new ArrayList<>();
        locked.later(step, leases, workshop.installed()).forEach(entry -> {
            Brought brought = locked.bring(entry, workshop.installed(), workshop.trusted(), options.trust(), client);
            Swap swap = new Swap(entry.seat(), brought, entry.step(), true, new CompletableFuture<>());
            swap.done().exceptionally(e -> {
                // A run that ends before makes it when it goes on.
                if (!run.control().isOver()) {
                    client.warn(String.valueOf(e.getMessage()));
                }
                return null;
            });
            again.add(swap);
        });
        return again;
    }

    private ExperimentFile read(Path file) {
        return ExperimentFile.read(file, sentence -> client.tell(new Event.Disclosed(sentence)));
    }

    private Run.Result drive(
            Workbench bench, Budget.Promise memory, Ending ending, MetricsLog log, Swapper swapper, Start start)
            throws IOException {
        Containment containment = new Containment(workshop, ending, swapper, client);
        Drive drive = new Drive(
                bench,
                ending.folder(),
                ending.status(),
                log,
                ending.measured(),
                () -> provenance(bench),
                swapper,
                containment,
                new Probes(bench, workshop.seats(), memory, ending.folder(), client),
                run,
                client);
        return containment.contained(() -> drive.all(start));
    }

    /** What a checkpoint says of its origin. */
    private JsonObject provenance(Workbench bench) {
        JsonObject json = new JsonObject();
        json.addProperty("seed", bench.experiment().seed());
        json.add("bundles", workshop.installed().json());
        JsonObject dimensions = new JsonObject();
        new TreeMap<>(bench.dimensions()).forEach(dimensions::addProperty);
        json.add(Checkpoints.DIMENSIONS, dimensions);
        bench.tokenizer().ifPresent(known -> json.addProperty(Checkpoints.TOKENIZER, known.state()));
        return json;
    }
}
