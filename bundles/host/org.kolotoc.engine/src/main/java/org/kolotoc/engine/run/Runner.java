package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.event.Told;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.KeepCheckpoints;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.folder.MetricsLine;
import org.kolotoc.engine.folder.MetricsLog;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.judge.Controls;
import org.kolotoc.engine.judge.Verdict;
import org.kolotoc.engine.open.Start;
import org.kolotoc.engine.prepare.Draw;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.probe.Probes;
import org.kolotoc.engine.state.Checkpoints;

/**
 * Drives the steps of a run. A step number counts all phases: after step {@code n}, {@code n} updates were made. What is
 * due after a step (evaluation, samples, checkpoint, stop) happens in this order, so that a run that goes on from a
 * checkpoint sees the same.
 */
final class Runner {
    private static final long NONE = -1;
    private static final long LOOK_NANOSECONDS = 1_000_000_000;

    private final Workbench bench;
    private final Experiment experiment;
    private final RunFolder folder;
    private final Status status;
    private final MetricsLog log;
    private final LedgerLog ledger;
    private final Measured measured;
    private final Run run;
    private final Client client;
    private final Checkpoints checkpoints;
    private final Supplier<JsonObject> provenance;
    private final Swapper swapper;
    private final Probes probes;
    private final long total;
    private final Watch watch;
    private final Forecast forecast;
    private final Compilations compilations;
    private final Map<String, List<Sample>> lastSamples = new LinkedHashMap<>();
    private final Set<Long> evaluations;
    private final Map<SamplePlan, Set<Long>> moments = new HashMap<>();
    private final long start = System.nanoTime();
    private long looked;
    private long resumed = NONE;
    private RecentRate recent = new RecentRate();

    /** After which step the state is as it is, where no checkpoint has that; none within a step. */
    private volatile long unsaved = NONE;

    /** Whether what is due after that step is still to be done. */
    private volatile boolean half;

    /**
     * Takes over a prepared experiment.
     *
     * @param status takes how long samples took
     * @param provenance what a checkpoint says of its origin
     * @param run what people want of it between its steps
     * @param client hears of everything, and may end it before the next step, batch of an evaluation, part of a sample or of
     *     a judgement
     */
    Runner(
            Workbench bench,
            RunFolder folder,
            Status status,
            MetricsLog log,
            LedgerLog ledger,
            Measured measured,
            Run run,
            Client client,
            Supplier<JsonObject> provenance,
            Swapper swapper,
            Probes probes) {
        this.bench = bench;
        this.experiment = bench.experiment();
        this.folder = folder;
        this.status = status;
        this.log = log;
        this.ledger = ledger;
        this.measured = measured;
        this.run = run;
        this.client = client;
        this.checkpoints = new Checkpoints(folder.path());
        this.provenance = provenance;
        this.swapper = swapper;
        this.probes = probes;
        this.total = bench.steps();
        this.watch = new Watch(bench, measured);
        this.forecast = new Forecast(Lock.isProved(folder));
        this.evaluations = new HashSet<>(bench.timeline().steps(experiment.evaluationMoments()));
        experiment
                .samples()
                .forEach(
                        plan -> moments.put(plan, new HashSet<>(bench.timeline().steps(plan.at()))));
        this.compilations = new Compilations(bench.backend(), client);
    }

    /**
     * Whether the run came to its end; otherwise it was stopped and saved at {@code step}.
     *
     * @param unproved whether it goes on once it was shown that it can
     */
    record End(boolean complete, long step, boolean unproved) {
        static End stopped(long step) {
            return new End(false, step, false);
        }
    }

    /** Takes all steps that are left. */
    End run(Start start) throws IOException {
        long step = start.step();
        resumed = start.goesOn() ? step : NONE;
        boolean undone = start.undone();
        unsaved = start.goesOn() && !undone ? NONE : step;
        half = undone;
        for (int place : bench.stages().stream().map(Stage::place).toList()) {
            long begin = bench.begin(place);
            try {
                begin(place, step, undone);
                undone = false;
                requireNoSilence();
                long end = begin + bench.stage(place).plan().steps();
                while (step < end) {
                    wished(step, place);
                    if (client.stop().getAsBoolean()) {
                        saveUnsaved(false);
                        return End.stopped(step);
                    }
                    long took = step(bench.stage(place), ++step);
                    requireNoSilence();
                    look();
                    if (forecast.asksForProof(took, total - step)) {
                        save(step, false);
                        return new End(false, step, true);
                    }
                }
                if (step == bench.timeline().end(place)) {
                    unsaved = NONE;
                }
                probes.leave();
                bench.end(bench.stage(place));
            } catch (Stopped | PluginFailure e) {
                // Before the first step of a phase, the end of the one before was saved.
                saveWhole();
                if (e instanceof PluginFailure) {
                    throw e;
                }
                return End.stopped(step);
            }
        }
        return new End(true, step, false);
    }

    /** @param undone whether what is due after the step is still to be done */
    private void begin(int place, long step, boolean undone) throws IOException {
        Stage stage = bench.stage(place);
        String phase = stage.plan().name();
        boolean first = step == bench.begin(place);
        ledger.reached(step, phase);
        bench.begin(stage, first);
        recent = new RecentRate();
        if (undone) {
            measured.begin(step, phase, measured.latest());
            due(stage, step);
        } else if (first && place > 0 && stage.plan().steps() > 0) {
            measured.begin(step, phase);
            baseline(stage, step);
        }
    }

    /**
     * Makes a step, and what is due after it. Nobody else keeps the stage: it may be another before the next one.
     *
     * @param step number of the step
     * @return nanoseconds that the step itself took
     */
    private long step(Stage stage, long step) throws IOException {
        String phase = stage.plan().name();
        long index = step - 1 - bench.begin(stage.place());
        Shown shown = Shown.of(stage.seat().measures());
        measured.begin(step, phase);
        probes.before(stage, step);
        long before = System.nanoTime();
        unsaved = NONE;
        stage.step(index, measured.step());
        measured.worked();
        half = true;
        unsaved = step;
        ledger.reached(step, phase);
        measured.made(step);
        compilations.tell();
        long took = System.nanoTime() - before;
        Map<String, Double> taken = new LinkedHashMap<>(measured.latest());
        double work = shown.work(taken);
        log.write(line(stage, step, false, taken, work / (took / 1e9)));
        probes.after(stage);
        due(stage, step);
        String rate = shown.rate(recent.after(work, took / 1e9));
        client.tell(new Event.Stepped(step, phase, index + 1, taken, shown.headline(taken), rate));
        return took;
    }

    /** Writes what is new in the ledger; a strict run ends then, saved. */
    private void requireNoSilence() throws IOException {
        ledger.write();
        if (ledger.refuses()) {
            saveUnsaved(false);
            ledger.refuse();
        }
    }

    /**
     * Does between two steps what people want, and waits while they want it to.
     */
    private void wished(long step, int place) throws IOException {
        Control control = run.control();
        boolean waited = false;
        while (true) {
            swapper.look(control, step, place, () -> saveUnsaved(false));
            CompletableFuture<Long> saving = control.takeSaving();
            if (saving != null) {
                save(step, false);
                saving.complete(step);
            }
            // Those that are asked for meanwhile wait for the next step: nobody holds up the run by asking again and
            // again.
            int wishes = control.wishes();
            if (!waited && control.isPaused()) {
                client.tell(new Event.Paused(step));
                waited = true;
            }
            for (; wishes > 0 && !control.isStopping(); wishes--) {
                control.takeWish().fulfil(new Boundary(bench, bench.stage(place), step, probes, client));
                compilations.tell();
            }
            if (!control.isPaused()) {
                if (waited) {
                    run.wentOn();
                }
                return;
            }
            control.await();
        }
    }

    /** Looks about once a second whether the folder is still there. */
    private void look() {
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOSECONDS) {
            looked = now;
            folder.requireThere();
        }
    }

    private MetricsLine line(
            Stage stage, long step, boolean evaluation, Map<String, Double> measures, double tokensPerSecond) {
        return new MetricsLine(
                step,
                stage.plan().name(),
                step - bench.begin(stage.place()),
                evaluation,
                measures,
                tokensPerSecond,
                (System.nanoTime() - start) / 1e9);
    }

    private boolean isDue(Stage stage, long step) {
        return step == 0
                || step == bench.timeline().end(stage.place())
                || evaluations.contains(step)
                || experiment.evaluationInterval() > 0 && step % experiment.evaluationInterval() == 0;
    }

    /** How a phase begins, where others were before it. */
    private void baseline(Stage stage, long step) throws IOException {
        stage.evaluate(told("evaluation", "batches", measured.evaluation()));
        compilations.tell();
        show(step);
        if (!measured.evaluated().isEmpty()) {
            measured.putWork();
            log.write(line(stage, step, true, measured.evaluated(), 0));
            say(stage, step, measured.evaluated());
        }
    }

    private void due(Stage stage, long step) throws IOException {
        boolean last = step == bench.timeline().end(stage.place());
        if (last) {
            bench.keep(stage);
        }
        boolean evaluate = isDue(stage, step);
        if (evaluate) {
            stage.evaluate(told("evaluation", "batches", measured.evaluation()));
            compilations.tell();
        }
        boolean sampled = sample(step);
        Map<String, Double> values = measured.latest();
        if (evaluate || sampled) {
            measured.putWork();
            log.write(line(stage, step, true, measured.evaluated(), 0));
            values = new LinkedHashMap<>(values);
            values.putAll(measured.evaluated());
            say(stage, step, values);
        }
        watch.requireFinite(stage, step, values);
        if (evaluate) {
            watch.worse(stage, step).ifPresent(client::warn);
        }
        boolean regular = experiment.checkpointEvery() > 0 && step > 0 && step % experiment.checkpointEvery() == 0;
        if (regular || last && total > 0) {
            save(step, false);
        }
        half = false;
    }

    private void say(Stage stage, long step, Map<String, Double> values) {
        client.tell(new Event.Evaluated(
                step, stage.plan().name(), Shown.of(stage.seat().measures()).withoutWork(values)));
    }

    /** The same measurements, and how far they are. */
    private Measurements told(String name, String parts, Measurements out) {
        return new Told(client, name, parts).of(out);
    }

    /** Draws what is due after a step, and has it judged; whether there was any. */
    private boolean sample(long step) throws IOException {
        Map<String, List<Sample>> drawn = new LinkedHashMap<>();
        for (SamplePlan plan : experiment.samples()) {
            if (step == total || moments.get(plan).contains(step)) {
                Draw draw = draw(plan, step);
                List<Sample> samples = draw.samples();
                draw.put(plan.name(), measured.evaluation());
                status.drew(plan.name(), draw.secondsPerThousand());
                drawn.put(plan.name(), samples);
                lastSamples.put(plan.name(), samples);
                folder.samples(experiment.samples().size() == 1 ? "" : plan.name(), step, samples);
                client.tell(new Event.Sampled(step, plan.name(), samples));
            }
        }
        bench.drawing().judge(drawn, told("judging samples", "parts", measured.evaluation()));
        show(step);
        return !drawn.isEmpty();
    }

    /** Keeps what an evaluation or a judge showed, and tells of it. */
    private void show(long step) throws IOException {
        for (Map.Entry<String, Sample> shown : measured.takeShown().entrySet()) {
            String file = folder.shown(shown.getKey(), step, shown.getValue());
            client.tell(new Event.Shown(step, shown.getKey(), file, shown.getValue()));
        }
    }

    private Draw draw(SamplePlan plan, long step) {
        Draw draw = bench.drawing().draw(plan, step, new Told(client, "samples", "parts"));
        compilations.tell();
        return draw;
    }

    /** Saves where the state is whole and not saved; an evaluation that did not come to its end counts for nothing. */
    void saveWhole() throws IOException {
        if (half) {
            measured.forgetEvaluation();
        }
        saveUnsaved(half);
    }

    private void saveUnsaved(boolean undone) throws IOException {
        if (unsaved != NONE) {
            save(unsaved, undone);
        }
    }

    private void save(long step, boolean undone) throws IOException {
        swapper.settle();
        folder.requireThere();
        JsonObject more = provenance.get();
        if (undone) {
            more.addProperty(Checkpoints.UNDONE, true);
        }
        if (!bench.frozen().isEmpty()) {
            more.add(Checkpoints.FROZEN, bench.frozen());
        }
        checkpoints.write(step, bench.state().snapshot(), log.seal(), more);
        unsaved = NONE;
        client.tell(new Event.Saved(step));
        KeepCheckpoints keep = experiment.keepCheckpoints();
        if (keep != null) {
            checkpoints.remove(keep.superfluous(checkpoints.steps(), measured::value).stream()
                    .filter(other -> other != resumed && !bench.keptSteps().contains(other))
                    .toList());
        }
    }

    /**
     * Holds the criteria against the run and its controls.
     *
     * @throws Stopped when somebody wants to stop
     */
    Verdict judge() {
        for (SamplePlan plan : experiment.samples()) {
            // A run that was resumed after its last step drew none in this process.
            lastSamples.computeIfAbsent(plan.name(), _ -> draw(plan, total).samples());
        }
        boolean controlled = experiment.controls() && !experiment.criteria().isEmpty();
        return Verdict.of(
                        experiment.criteria(),
                        bench.timeline(),
                        measured,
                        controlled
                                ? new Controls(bench, measured, lastSamples, new Told(client, "controls", "parts"))
                                        .all()
                                : Map.of())
                .with(bench.measures(), measured);
    }
}
