package org.kolotoc.engine.folder;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.state.Hash;

/**
 * Hashes of all that {@code experiment.json} of a run was while the run went on, in its lock: what somebody wrote into it
 * by hand is none of them. A lock of an older version has none, and says nothing.
 */
public final class ExperimentSeal {
    private static final String FIELD = "experiments";

    private ExperimentSeal() {}

    private static JsonPrimitive of(JsonObject experiment) {
        return new JsonPrimitive(Hash.of(experiment.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Notes in a lock, before it is written into the folder, what the experiment is from now on. */
    public static void add(JsonObject lock, JsonObject experiment) {
        JsonArray known = lock.get(FIELD) instanceof JsonArray array ? array : new JsonArray();
        JsonElement seal = of(experiment);
        if (!known.contains(seal)) {
            known.add(seal);
        }
        lock.add(FIELD, known);
    }

    /** Whether a run's lock knows its experiment, or does not say. */
    public static boolean isKnown(Path run, JsonObject experiment) {
        try {
            Fields lock = Fields.read(run.resolve(RunFolder.LOCK));
            return !(lock.json().get(FIELD) instanceof JsonArray known) || known.contains(of(experiment));
        } catch (IOException | JsonParseException _) {
            // What is wrong with the lock is told elsewhere.
            return true;
        }
    }
}
