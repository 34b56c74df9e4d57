package org.kolotoc.engine.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.MemoryPlan;
import org.kolotoc.engine.Options;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.lease.FreshCopies;
import org.kolotoc.engine.seat.Leases;
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

    private final Engine engine;
    private final ExperimentFile file;
    private final Options options;
    private final BooleanSupplier stop;
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

    private Certificate(Engine engine, ExperimentFile file, Options options, BooleanSupplier stop, Path scratch) {
        this.engine = engine;
        this.file = file;
        this.options = options;
        this.stop = stop;
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
    public static JsonArray of(Engine engine, ExperimentFile file, Options options, boolean ofRun, BooleanSupplier stop)
            throws IOException {
        Path scratch = Files.createTempDirectory("kolotoc-certificate");
        try {
            Certificate certificate = new Certificate(engine, withoutJudges(file), options, stop, scratch);
            certificate.prove(ofRun);
            return certificate.proof;
        } finally {
            Atomic.remove(Disk.SYSTEM, scratch);
        }
    }

    private static ExperimentFile withoutJudges(ExperimentFile file) {
        ExperimentFile steps = file.copy();
        Past.withoutJudges(steps);
        return steps;
    }

    private void prove(boolean ofRun) throws IOException {
        Map<Trial, Map<Long, Left>> uninterrupted = new LinkedHashMap<>();
        Leases leases = ofRun ? engine.leases(file.path().getParent(), options) : Leases.free();
        try (Workbench bench = engine.workbench(file, options, leases, Optional.empty(), ofRun, stop)) {
            MemoryPlan.of(bench, 0, options.memory()).require(bench);
            for (Trial trial : trials(bench)) {
                new Steps(bench, stop).take(trial.begin(), trial.saved(), (_, _) -> {});
                new Checkpoints(scratch)
                        .write(trial.saved(), bench.state().snapshot(), new MetricsSeal(0, 0, ""), new JsonObject());
                Map<Long, Left> left = new TreeMap<>();
                new Steps(bench, stop)
                        .take(trial.saved(), trial.end(), (step, measures) -> left.put(step, left(bench, measures)));
                uninterrupted.put(trial, left);
            }
        }
        for (Map.Entry<Trial, Map<Long, Left>> trial : uninterrupted.entrySet()) {
            resume(trial.getKey(), trial.getValue(), leases, ofRun);
        }
    }

    private static Left left(Workbench bench, Map<String, Double> measures) throws IOException {
        return new Left(measures, bench.state().snapshot().hashes());
    }

    private static List<Trial> trials(Workbench bench) {
        List<Trial> trials = new ArrayList<>();
        for (int phase = 0; phase < bench.trainings().size(); phase++) {
            long begin = bench.begin(phase);
            long steps = Math.min(2 * STEPS, bench.trainings().get(phase).steps());
            if (steps > 1) {
                trials.add(
                        new Trial(bench.seating().phases().get(phase).id(), begin, begin + steps / 2, begin + steps));
            }
        }
        return trials;
    }

    private void resume(Trial trial, Map<Long, Left> uninterrupted, Leases leases, boolean ofRun) throws IOException {
        Checkpoints.Checkpoint saved = new Checkpoints(scratch).read(Optional.of(trial.saved()));
        try (FreshCopies copies = FreshCopies.of(leases, engine.installed());
                Workbench bench =
                        engine.workbench(file, options, copies.leases(), Optional.of(saved.snapshot()), ofRun, stop)) {
            new Steps(bench, stop).take(trial.saved(), trial.end(), (step, measures) -> {
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
