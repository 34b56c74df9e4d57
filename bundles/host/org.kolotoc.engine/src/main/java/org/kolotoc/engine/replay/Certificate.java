package org.kolotoc.engine.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.lease.FreshCopies;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.Hash;
import org.kolotoc.engine.state.MetricsSeal;

/**
 * Shows before a long run that it can be resumed. Each phase takes a few steps, is saved, and takes a few more; then it is
 * prepared anew from fresh copies of its plugins, goes on from what was saved, and has to give the same states and measures. A phase that keeps something
 * it needs anywhere but in the train state does not.
 */
public final class Certificate {
    /** Field of {@code lock.json}. */
    public static final String FIELD = "resumeProved";

    /** Steps before a phase is saved, and after; fewer where it has not so many. */
    private static final long STEPS = 3;

    private final Workshop workshop;
    private final ExperimentFile file;
    private final Options options;
    private final Client client;
    private final Path scratch;
    private final JsonArray proof = new JsonArray();

    /**
     * The steps of a phase that are tried.
     *
     * @param name of the phase
     * @param begin steps of all phases before it
     * @param saved step after which it is saved
     * @param end last step
     */
    private record Trial(String name, long begin, long saved, long end) {}

    /** What a step left. */
    private record Left(Map<String, Double> measures, Map<String, String> state) {}

    private Certificate(Workshop workshop, ExperimentFile file, Options options, Client client, Path scratch) {
        this.workshop = workshop;
        this.file = file;
        this.options = options;
        this.client = client;
        this.scratch = scratch;
    }

    /**
     * Tries all phases of an experiment that take two steps or more.
     *
     * @param ofRun whether the experiment is the copy in a run's folder
     * @return what a lock says of it
     * @throws InputError naming the phase that can't be resumed, and the first measure or tensor that differs
     * @throws org.kolotoc.api.Stopped when somebody wants to stop
     */
    public static JsonArray of(Workshop workshop, ExperimentFile file, Options options, boolean ofRun, Client client)
            throws IOException {
        Path scratch = Files.createTempDirectory("kolotoc-certificate");
        try {
            Certificate certificate = new Certificate(workshop, withoutJudges(file), options, client, scratch);
            certificate.prove(ofRun);
            return certificate.proof;
        } finally {
            Atomic.remove(Disk.SYSTEM, scratch);
        }
    }

    private static ExperimentFile withoutJudges(ExperimentFile file) {
        ExperimentFile steps = file.copy();
        Made.withoutJudges(steps);
        return steps;
    }

    private void prove(boolean ofRun) throws IOException {
        Map<Trial, Map<Long, Left>> uninterrupted = new LinkedHashMap<>();
        Leases leases = ofRun ? workshop.leases(file.path().getParent(), options, client) : Leases.free();
        try (Workbench bench = workshop.workbench(file, options, leases, Optional.empty(), ofRun, client)) {
            MemoryPlan.of(bench, options.memory()).require(bench);
            for (Stage stage : bench.stages()) {
                bench.begin(stage, true);
                Optional<Trial> trial = trial(bench, stage);
                if (trial.isPresent()) {
                    uninterrupted.put(trial.get(), uninterrupted(bench, stage, trial.get()));
                }
                long end = bench.timeline().end(stage.place());
                if (bench.keptSteps().contains(end)) {
                    // Later phases go back to the weights that this one leaves, be it after fewer steps.
                    save(bench, end);
                }
                bench.end(stage);
            }
        }
        for (Map.Entry<Trial, Map<Long, Left>> trial : uninterrupted.entrySet()) {
            resume(trial.getKey(), trial.getValue(), leases, ofRun);
        }
    }

    private static Left left(Workbench bench, Map<String, Double> measures) throws IOException {
        return new Left(measures, bench.state().snapshot().hashes());
    }

    /** The first steps of a phase; none where it has not two. */
    private static Optional<Trial> trial(Workbench bench, Stage stage) {
        long begin = bench.begin(stage.place());
        long steps = Math.min(2 * STEPS, stage.plan().steps());
        return steps > 1
                ? Optional.of(new Trial(stage.plan().name(), begin, begin + steps / 2, begin + steps))
                : Optional.empty();
    }

    /** What the steps after the one that is saved leave. */
    private Map<Long, Left> uninterrupted(Workbench bench, Stage stage, Trial trial) throws IOException {
        Steps steps = new Steps(bench, client);
        steps.within(stage, trial.begin(), trial.saved(), (_, _) -> {});
        save(bench, trial.saved());
        Map<Long, Left> left = new TreeMap<>();
        steps.within(stage, trial.saved(), trial.end(), (step, measures) -> left.put(step, left(bench, measures)));
        return left;
    }

    private void save(Workbench bench, long step) throws IOException {
        JsonObject frozen = new JsonObject();
        frozen.add(Checkpoints.FROZEN, bench.frozen());
        new Checkpoints(scratch).write(step, bench.state().snapshot(), new MetricsSeal(0, 0, ""), frozen);
    }

    private void resume(Trial trial, Map<Long, Left> uninterrupted, Leases leases, boolean ofRun) throws IOException {
        Checkpoints checkpoints = new Checkpoints(scratch);
        Past past = Past.of(checkpoints.read(Optional.of(trial.saved())), checkpoints);
        try (FreshCopies copies = FreshCopies.of(leases, workshop.installed());
                Workbench bench =
                        workshop.workbench(file, options, copies.leases(), Optional.of(past), ofRun, client)) {
            new Steps(bench, client).take(trial.saved(), trial.end(), (step, measures) -> {
                Left before = uninterrupted.get(step);
                Left now = left(bench, measures);
                Difference.ofMeasures(step, before.measures(), now.measures())
                        .or(() -> Difference.ofStates(step, before.state(), now.state()))
                        .ifPresent(difference -> {
                            throw refused(trial, difference);
                        });
            });
        }
        JsonObject entry = new JsonObject();
        entry.addProperty("phase", trial.name());
        entry.addProperty("stoppedAfter", trial.saved() - trial.begin());
        entry.addProperty("comparedUpTo", trial.end() - trial.begin());
        entry.addProperty(
                "sha256",
                Hash.of(uninterrupted.get(trial.end()).state().toString().getBytes(StandardCharsets.UTF_8)));
        proof.add(entry);
    }

    private static InputError refused(Trial trial, Difference difference) {
        return InputError.of(
                "the phase '" + trial.name() + "' can't be resumed: saved after its step "
                        + (trial.saved() - trial.begin()) + " and prepared anew, the " + difference.what()
                        + " of its step " + (difference.step() - trial.begin()) + " is another than without a stop\n"
                        + "  without " + difference.recorded() + "\n  resumed " + difference.replayed(),
                "what it carries from step to step has to lie in PhaseContext.state(), as a tensor or a counter, and"
                        + " in no field; or take \"certify\" out of the experiment, and never stop the run");
    }
}
