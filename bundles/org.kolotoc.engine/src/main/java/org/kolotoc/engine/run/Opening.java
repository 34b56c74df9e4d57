package org.kolotoc.engine.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.MemoryPlan;
import org.kolotoc.engine.Options;
import org.kolotoc.engine.Restored;
import org.kolotoc.engine.Sampler;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.experiment.ExperimentFile;
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
        try (Workbench bench = engine.workbench(file, options, Optional.empty(), stop)) {
            MemoryPlan memory = MemoryPlan.of(bench, Sampler.check(bench, file.source()), options.memory());
            memory.require(bench);
            try (RunFolder folder = RunFolder.create(
                    options.out(),
                    engine.project(),
                    bench.experiment().name(),
                    bench.experiment().seed())) {
                return begin(bench, memory.total(), folder, file);
            }
        }
    }

    private int begin(Workbench bench, long predicted, RunFolder folder, ExperimentFile file) {
        try {
            folder.write("experiment.json", file.json());
            folder.write(Lock.FILE, Lock.of(context, bench, file.origin()));
            try (MetricsLog log = MetricsLog.begin(folder.path())) {
                return run(bench, folder, log, new Measured()).drive(0, Optional.of(Map.of()), predicted);
            }
        } catch (IOException e) {
            throw RunFolder.unwritable(folder.path(), e);
        }
    }

    /** Goes on with the run of a folder; the exit code. */
    int goOn(Path path) throws IOException {
        try (RunFolder folder = RunFolder.existing(path)) {
            return goOn(folder);
        }
    }

    private int goOn(RunFolder folder) {
        Path path = folder.path();
        Path recorded = path.resolve("experiment.json");
        ExperimentFile past = ExperimentFile.read(recorded);
        past.experiment();
        ExperimentFile file = engine.changed(past.copy(), options);
        int phases = file.experiment().phases().size();
        List<Changes.Change> changes = Changes.between(past.json(), file.json());
        Changes.requireAhead(changes, phases, folder, options);
        Checkpoints.Checkpoint checkpoint = new Checkpoints(path).read(options.from());
        long step = checkpoint.step();
        try (Workbench bench = engine.workbench(file, options, Optional.of(checkpoint.snapshot()), stop)) {
            bench.requireTokenizer(checkpoint.tokenizer());
            MemoryPlan memory = MemoryPlan.of(bench, Sampler.check(bench, file.source()), options.memory());
            memory.requireToGoOn(bench, path);
            if (bench.steps() < step) {
                throw InputError.of(
                        "the checkpoint is of step " + step + ", but $.phases[" + (phases - 1)
                                + "].steps makes the run end after step " + bench.steps(),
                        "give more steps, or an earlier checkpoint: --from <step>");
            }
            Lock.otherBundles(folder, context).ifPresent(Run::warn);
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
                return run(bench, folder, log, measured).drive(step, Undone.of(checkpoint), memory.total());
            }
        } catch (IOException e) {
            throw RunFolder.unwritable(path, e);
        }
    }

    private Run run(Workbench bench, RunFolder folder, MetricsLog log, Measured measured) {
        return new Run(bench, folder, log, measured, provenance(bench), stop, engine.screen(), options);
    }

    /** What a checkpoint says of its origin. */
    private JsonObject provenance(Workbench bench) {
        JsonObject json = new JsonObject();
        json.addProperty("seed", bench.experiment().seed());
        json.add("bundles", Lock.bundles(context));
        json.add(Restored.DIMENSIONS, Restored.json(bench.data().dimensions()));
        if (bench.data() instanceof org.kolotoc.api.text.TextDataset text) {
            json.addProperty("tokenizer", text.tokenizer().state());
        }
        return json;
    }
}
