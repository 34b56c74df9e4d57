package org.kolotoc.engine.prepare;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.Snapshot;

/**
 * A model of another run, as its newest checkpoint has it.
 *
 * @param run its folder
 * @param settings what that run's experiment says of it
 * @param checkpoint of that run
 */
record Borrowed(Path run, String name, JsonObject settings, Checkpoint checkpoint) {
    private static final String MODELS = "models";
    private static final String MODEL = "model";
    private static final String ID = "id";

    /**
     * Finds it.
     *
     * @param name of the model there
     * @throws InputError when the folder is no run's, or its run has no such model
     */
    static Borrowed of(Path run, String name) {
        RunFolder.look(run);
        ExperimentFile file = ExperimentFile.read(run.resolve(RunFolder.EXPERIMENT));
        Map<String, ?> there = file.copy().untrained().allModels();
        if (!there.containsKey(name)) {
            throw InputError.of(
                    "the run " + run + " has no model '" + name + "'" + Nearest.hint(name, there.keySet())
                            + " (there is " + String.join(", ", there.keySet()) + ")",
                    "name a run that trained one of that name");
        }
        return new Borrowed(run, name, settings(file.json(), name), new Checkpoints(run).read(Optional.empty()));
    }

    /** Without the data that it is sized by: its own run's is known to the checkpoint. */
    private static JsonObject settings(JsonObject experiment, String name) {
        JsonObject models = experiment.getAsJsonObject(MODELS);
        boolean among = models != null && !models.has(ID) && models.has(name);
        JsonObject settings = among
                ? models.getAsJsonObject(name)
                : experiment.has(MODEL) ? experiment.getAsJsonObject(MODEL) : models;
        settings.remove("data");
        return settings;
    }

    /** Puts it among the models of an experiment, in the place of one of that name. */
    void into(ExperimentFile file) {
        JsonObject experiment = file.json();
        JsonObject models = new JsonObject();
        if (experiment.get(MODELS) instanceof JsonObject there) {
            if (there.has(ID)) {
                models.add(MODEL, there);
            } else {
                there.asMap().forEach(models::add);
            }
        }
        if (experiment.has(MODEL)) {
            models.add(MODEL, experiment.get(MODEL));
            file.remove(MODEL);
        }
        if (models.size() == 1 && !models.has(name)) {
            drawnWith(models.keySet().iterator().next(), file);
        }
        models.add(name, settings);
        file.set(MODELS, models);
    }

    /** Beside another, a model that was clear without a word has to be named. */
    private static void drawnWith(String only, ExperimentFile file) {
        JsonElement samples = file.json().get("samples");
        List<JsonElement> plans = samples instanceof JsonArray several
                ? several.asList()
                : samples == null ? List.of() : List.of(samples);
        plans.stream()
                .map(JsonElement::getAsJsonObject)
                .filter(plan -> !plan.has(MODEL))
                .forEach(plan -> plan.addProperty(MODEL, only));
        if (samples != null) {
            file.set("samples", samples);
        }
    }

    /** What to tell of who made it; an imported run has no phases, nor a lock. */
    Optional<String> madeOtherwise(Environment.Made made) {
        boolean imported = ExperimentFile.read(run.resolve(RunFolder.EXPERIMENT))
                .untrained()
                .phases()
                .isEmpty();
        return imported
                ? Optional.empty()
                : made.otherwise(run, settings.get(ID).getAsString());
    }

    Dimensions dimensions() {
        return new Dimensions(checkpoint.dimensions().orElse(Map.of()));
    }

    Map<String, Snapshot.Entry> tensors() {
        return checkpoint.snapshot().of(name);
    }
}
