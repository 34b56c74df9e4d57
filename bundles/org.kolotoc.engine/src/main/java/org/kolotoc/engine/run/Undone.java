package org.kolotoc.engine.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;

/**
 * A checkpoint that was written when somebody stopped the run while it did what is due after the step: that is still to be
 * done. The checkpoint has the measures of the step itself, which are in no line of metrics yet.
 */
final class Undone {
    /** Field of such a checkpoint. */
    private static final String FIELD = "undone";

    private Undone() {}

    /** Notes that what is due after a step is not done. */
    static void note(JsonObject checkpoint, Map<String, Double> measures) {
        JsonObject json = new JsonObject();
        measures.forEach((name, value) -> json.add(
                name, Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(value.toString())));
        checkpoint.add(FIELD, json);
    }

    /** The measures of the step, if what is due after it is not done. */
    static Optional<Map<String, Double>> of(Checkpoint checkpoint) {
        if (!(checkpoint.json().get(FIELD) instanceof JsonObject json)) {
            return Optional.empty();
        }
        Map<String, Double> measures = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            measures.put(entry.getKey(), Double.parseDouble(entry.getValue().getAsString()));
        }
        return Optional.of(measures);
    }
}
