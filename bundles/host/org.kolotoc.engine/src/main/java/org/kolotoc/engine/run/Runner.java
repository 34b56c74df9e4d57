package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.Training;
import org.kolotoc.engine.Sampler;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.KeepCheckpoints;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.MetricsLine;
import org.kolotoc.engine.folder.MetricsLog;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.verdict.Controls;
import org.kolotoc.engine.verdict.Verdict;
import org.kolotoc.tensor.Backend;

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
    private final MetricsLog log;
    private final Measured measured;
    private final Progress progress;
    private final Checkpoints checkpoints;
    private final JsonObject provenance;
    private final BooleanSupplier stop;
    private final long total;
    private final Watch watch;
    private final Forecast forecast;
    private final List<Sample> lastSamples = new ArrayList<>();
    private final long start = System.nanoTime();
    private Backend.Compilation compilation;
    private long looked;
    private long resumed = NONE;

    /**
     * Takes over a prepared experiment.
     *
     * @param provenance what a checkpoint says of its origin
     * @param stop whether to end before the next step, batch of an evaluation, token of a sample or part of a judgement
     */
    Runner(
            Workbench bench,
            RunFolder folder,
            MetricsLog log,
            Measured measured,
            Progress progress,
            JsonObject provenance,
            BooleanSupplier stop) {
        this.bench = bench;
        this.experiment = bench.experiment();
        this.folder = folder;
        this.log = log;
        this.measured = measured;
        this.progress = progress;
        this.checkpoints = new Checkpoints(folder.path());
        this.provenance = provenance;
        this.stop = stop;
        this.total = bench.steps();
        this.watch = new Watch(bench, measured);
        this.forecast = new Forecast(Lock.isProved(folder));
        this.compilation = Backend.Compilation.NONE;
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
        try {
            if (start.undone()) {
                due(step);
            }
            for (int phase = bench.phaseOf(step + 1); phase < bench.trainings().size(); phase++) {
                Training training = bench.trainings().get(phase);
                Shown shown = Shown.of(bench.seating().phases().get(phase).measures());
                for (long index = step - bench.begin(phase); index < training.steps(); index++) {
                    if (stop.getAsBoolean()) {
                        save(step, false);
                        return End.stopped(step);
                    }
                    measured.begin(step + 1);
                    long before = System.nanoTime();
                    training.step(index, measured.step());
                    step++;
                    measured.made(step);
                    tellCompilation();
                    long took = System.nanoTime() - before;
                    double rate = shown.work(measured.latest()) / (took / 1e9);
                    log.write(line(step, false, measured.latest(), rate));
                    due(step);
                    progress.show(step, shown.headline(measured.latest()), shown.rate(rate));
                    look();
                    if (forecast.asksForProof(took, total - step)) {
                        save(step, false);
                        return new End(false, step, true);
                    }
                }
            }
        } catch (Stopped _) {
            // Not within the step, which asks nobody: its weights are whole, and what is due after it can be done
            // later.
            measured.forgetEvaluation();
            save(step, true);
            return End.stopped(step);
        }
        progress.end();
        return new End(true, step, false);
    }

    /** Looks about once a second whether the folder is still there. */
    private void look() {
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOSECONDS) {
            looked = now;
            folder.requireThere();
        }
    }

    private MetricsLine line(long step, boolean evaluation, Map<String, Double> measures, double tokensPerSecond) {
        int phase = bench.phaseOf(step);
        return new MetricsLine(
                step,
                bench.seating().phases().get(phase).id(),
                step - bench.begin(phase),
                evaluation,
                measures,
                tokensPerSecond,
                (System.nanoTime() - start) / 1e9);
    }

    private boolean isDue(long step) {
        return step == 0
                || step == total
                || experiment.evaluateAt().contains(step)
                || experiment.evaluateEvery() > 0 && step % experiment.evaluateEvery() == 0;
    }

    private void due(long step) throws IOException {
        boolean evaluate = isDue(step);
        if (evaluate) {
            Training training = bench.trainings().get(bench.phaseOf(step));
            training.evaluate(told("evaluation", "batches", measured.evaluation()));
            tellCompilation();
        }
        if (samplesAt(step)) {
            sample(step);
        }
        Map<String, Double> values = measured.latest();
        if (evaluate || samplesAt(step)) {
            log.write(line(step, true, measured.evaluated(), 0));
            values = new LinkedHashMap<>(values);
            values.putAll(measured.evaluated());
            StringBuilder line = new StringBuilder("step ").append(step);
            Shown shown =
                    Shown.of(bench.seating().phases().get(bench.phaseOf(step)).measures());
            shown.withoutWork(values)
                    .forEach((name, value) -> line.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
            progress.say(line.toString());
        }
        watch.requireFinite(step, values);
        if (evaluate) {
            watch.worse(step).ifPresent(progress::warn);
        }
        boolean regular = experiment.checkpointEvery() > 0 && step > 0 && step % experiment.checkpointEvery() == 0;
        if (regular || step == total && total > 0) {
            save(step, false);
        }
    }

    /** The same measurements; the progress hears how far they are, and whoever takes them whether somebody wants to stop. */
    private Measurements told(String name, String parts, Measurements out) {
        return new Measurements() {
            @Override
            public void put(String name, double value) {
                out.put(name, value);
            }

            @Override
            public void reached(long done, long all) {
                progress.show(name, done, all, parts);
                requireNoStop();
            }
        };
    }

    private boolean samplesAt(long step) {
        return experiment.samples() != null && (experiment.samples().at().contains(step) || step == total);
    }

    private void sample(long step) throws IOException {
        lastSamples.clear();
        try (Sampler sampler = new Sampler(bench.writing(), experiment.samples())) {
            lastSamples.addAll(sampler.write(step, this::written));
        }
        tellCompilation();
        folder.samples(step, lastSamples);
        bench.judge(lastSamples, told("judging samples", "characters", measured.evaluation()));
        String shown = lastSamples.getFirst().text();
        progress.say("--- step " + step + " ---\n" + Printable.lines(shown.substring(0, Math.min(shown.length(), 300)))
                + "\n---");
    }

    private void written(long tokens, long all) {
        progress.show("samples", tokens, all, "tokens");
        requireNoStop();
    }

    private void requireNoStop() {
        if (stop.getAsBoolean()) {
            throw new Stopped();
        }
    }

    /** What was compiled since it was told last, of a device whose compiler takes time. */
    private void tellCompilation() {
        Backend.Compilation now = bench.backend().compilation();
        if (now.seconds() - compilation.seconds() >= 1) {
            progress.say(String.format(
                    Locale.ROOT,
                    "%s compiled %d kernels in %.1f s",
                    bench.backend().id(),
                    now.kernels() - compilation.kernels(),
                    now.seconds() - compilation.seconds()));
        }
        compilation = now;
    }

    private void save(long step, boolean undone) throws IOException {
        folder.requireThere();
        JsonObject more = provenance;
        if (undone) {
            more = provenance.deepCopy();
            more.addProperty(Checkpoints.UNDONE, true);
        }
        checkpoints.write(step, bench.state().snapshot(), log.seal(), more);
        KeepCheckpoints keep = experiment.keepCheckpoints();
        if (keep != null) {
            checkpoints.remove(keep.superfluous(checkpoints.steps(), measured::value).stream()
                    .filter(other -> other != resumed)
                    .toList());
        }
    }

    /**
     * Holds the criteria against the run and its controls.
     *
     * @throws Stopped when somebody wants to stop
     */
    Verdict judge() {
        List<Sample> samples = lastSamples;
        if (samples.isEmpty() && experiment.samples() != null) {
            // A run that was resumed after its last step wrote none in this process.
            try (Sampler sampler = new Sampler(bench.writing(), experiment.samples())) {
                samples = sampler.write(total, this::written);
            }
        }
        boolean controlled = experiment.controls() && !experiment.criteria().isEmpty();
        return Verdict.of(
                experiment.criteria(),
                measured,
                controlled
                        ? new Controls(bench, measured, samples, out -> told("controls", "parts", out)).all()
                        : Map.of());
    }
}
