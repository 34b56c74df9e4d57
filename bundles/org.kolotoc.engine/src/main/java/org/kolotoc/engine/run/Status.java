package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import org.kolotoc.tensor.Backend;

/** {@code run.json} ({@code kolotoc.run/1}): how far a run is, what it ran on, and what was changed when it went on. */
final class Status {
    private static final String FILE = "run.json";
    private static final String CHANGES = "changes";
    private static final String DEVICES = "devices";
    private static final String STEP = "step";

    private final RunFolder folder;
    private final JsonArray changes;
    private final JsonArray devices;
    private JsonObject memory;

    /** The status of a folder, with the changes and devices that were noted before. */
    Status(RunFolder folder) {
        this.folder = folder;
        this.changes = noted(CHANGES);
        this.devices = noted(DEVICES);
    }

    private JsonArray noted(String what) {
        return folder.read(FILE)
                .map(json -> json.get(what))
                .filter(JsonArray.class::isInstance)
                .map(JsonArray.class::cast)
                .orElseGet(JsonArray::new);
    }

    /** Notes what it runs on from a step on, unless that was noted last. */
    void on(long step, Backend backend) {
        JsonObject last = devices.isEmpty() || !devices.get(devices.size() - 1).isJsonObject()
                ? new JsonObject()
                : devices.get(devices.size() - 1).getAsJsonObject();
        JsonObject entry = new JsonObject();
        entry.addProperty(STEP, last.has(STEP) ? last.get(STEP).getAsLong() : step);
        entry.addProperty("backend", backend.id());
        entry.addProperty("device", backend.device());
        if (!entry.equals(last)) {
            entry.addProperty(STEP, step);
            devices.add(entry);
        }
    }

    /** Notes what is different from a step on. */
    void changed(long step, List<Changes.Change> more) {
        for (Changes.Change change : more) {
            JsonObject entry = new JsonObject();
            entry.addProperty(STEP, step);
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
        json.addProperty(STEP, step);
        json.addProperty("kolotoc", System.getProperty("kolotoc.version", "unknown"));
        if (!devices.isEmpty()) {
            json.add(DEVICES, devices);
        }
        if (!changes.isEmpty()) {
            json.add(CHANGES, changes);
        }
        if (memory != null) {
            json.add("memory", memory);
        }
        folder.write(FILE, json);
    }
}
