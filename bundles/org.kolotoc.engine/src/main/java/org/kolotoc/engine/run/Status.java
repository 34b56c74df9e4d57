package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;

/** {@code run.json} ({@code kolotoc.run/1}): how far a run is, and what was changed when it went on. */
final class Status {
    private static final String FILE = "run.json";
    private static final String CHANGES = "changes";

    private final RunFolder folder;
    private final JsonArray changes;
    private JsonObject memory;

    /** The status of a folder, with the changes that were noted before. */
    Status(RunFolder folder) {
        this.folder = folder;
        this.changes = folder.read(FILE)
                .map(json -> json.get(CHANGES))
                .filter(JsonArray.class::isInstance)
                .map(JsonArray.class::cast)
                .orElseGet(JsonArray::new);
    }

    /** Notes what is different from a step on. */
    void changed(long step, List<Changes.Change> more) {
        for (Changes.Change change : more) {
            JsonObject entry = new JsonObject();
            entry.addProperty("step", step);
            entry.addProperty("set", change.set());
            entry.add("was", change.was());
            changes.add(entry);
        }
    }

    /** Notes what was predicted and what was measured, in bytes; 0 for what nobody measured. */
    void memory(long predicted, long peak) {
        memory = new JsonObject();
        memory.addProperty("predictedBytes", predicted);
        if (peak > 0) {
            memory.addProperty("peakBytes", peak);
        }
    }

    void write(String status, long step) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("schema", "kolotoc.run/1");
        json.addProperty("status", status);
        json.addProperty("step", step);
        json.addProperty("kolotoc", System.getProperty("kolotoc.version", "unknown"));
        if (!changes.isEmpty()) {
            json.add(CHANGES, changes);
        }
        if (memory != null) {
            json.add("memory", memory);
        }
        folder.write(FILE, json);
    }
}
