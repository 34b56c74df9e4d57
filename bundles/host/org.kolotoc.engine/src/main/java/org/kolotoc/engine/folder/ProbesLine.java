package org.kolotoc.engine.folder;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.engine.json.Fields;

/**
 * A line of {@code probes.jsonl}: what one probe read of one run of a program.
 *
 * @param step that the program ran in, as in {@code metrics.jsonl}: of its batch, and of weights as they were before it
 * @param probe id of its plugin
 * @param program as the phase calls it
 * @param run which of the runs of that program in the step, from 1 on
 * @param values by what was read, in the order they were put; need not be finite
 * @param pictures files in the run's folder with the pictures of this reading
 */
public record ProbesLine(
        long step,
        String phase,
        String probe,
        String program,
        int run,
        Map<String, Double> values,
        List<String> pictures) {
    private static final String STEP = "step";
    private static final String PHASE = "phase";
    private static final String PROBE = "probe";
    private static final String PROGRAM = "program";
    private static final String RUN = "run";
    private static final String VALUES = "values";
    private static final String PICTURES = "pictures";

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty(STEP, step);
        json.addProperty(PHASE, phase);
        json.addProperty(PROBE, probe);
        json.addProperty(PROGRAM, program);
        json.addProperty(RUN, run);
        JsonObject numbers = new JsonObject();
        // JSON has no NaN.
        values.forEach((name, value) -> numbers.add(
                name, Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(value.toString())));
        json.add(VALUES, numbers);
        if (!pictures.isEmpty()) {
            JsonArray files = new JsonArray();
            pictures.forEach(files::add);
            json.add(PICTURES, files);
        }
        return json;
    }

    /** @throws com.google.gson.JsonParseException naming the field that is missing or of another type */
    static ProbesLine of(Fields fields) {
        Map<String, Double> values = new LinkedHashMap<>();
        Fields numbers = fields.object(VALUES);
        numbers.names().forEach(name -> values.put(name, numbers.number(name)));
        List<String> pictures = new ArrayList<>();
        if (fields.has(PICTURES)) {
            fields.json().getAsJsonArray(PICTURES).forEach(file -> pictures.add(file.getAsString()));
        }
        return new ProbesLine(
                fields.count(STEP),
                fields.text(PHASE),
                fields.text(PROBE),
                fields.text(PROGRAM),
                (int) fields.count(RUN),
                values,
                pictures);
    }
}
