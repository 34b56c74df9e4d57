package org.kolotoc.engine.folder;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.tensor.Backend;

/** {@code run.json} ({@code kolotoc.run/1}): how far a run is, what it ran on, and what was changed when it went on. */
public final class Status {
    public static final String FILE = "run.json";
    private static final String SCHEMA = "kolotoc.run/1";
    private static final String STATUS = "status";
    private static final String CHANGES = "changes";
    private static final String PLUGINS = "plugins";
    private static final String SEAT = "seat";
    private static final String IS = "is";
    private static final String WAS = "was";
    private static final String DEVICES = "devices";
    private static final String MEMORY = "memory";
    private static final String MEASURES = "measures";
    private static final String SAMPLING = "secondsPerThousand";
    private static final String NAME = "name";
    private static final String UNIT = "unit";
    private static final String TAKEN = "taken";
    private static final String BETTER = "better";
    private static final String STEP = "step";
    private static final String REASON = "reason";
    private static final String BACKEND = "backend";
    private static final String DEVICE = "device";
    private static final int LONGEST_REASON = 500;

    /** What a run is doing, or how it ended. */
    public enum State {
        RUNNING,
        /** By somebody, and saved. */
        STOPPED,
        FINISHED,
        FAILED,
        /** Its numbers became useless. */
        DIVERGED
    }

    private final RunFolder folder;
    private final JsonArray changes;
    private final List<Refilled> plugins = new ArrayList<>();
    private final Map<String, String> texts = new HashMap<>();
    private final JsonArray devices;
    private final long lastStep;
    private State last;
    private JsonObject memory;
    private JsonObject sampling = new JsonObject();
    private List<Measure> measures;

    /** Another bundle fills a seat from a step on. */
    private record Refilled(long step, String seat, String is, String was) {
        JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty(STEP, step);
            json.addProperty(SEAT, seat);
            json.addProperty(IS, is);
            json.addProperty(WAS, was);
            return json;
        }
    }

    /**
     * The status of a folder, with the changes and devices that were noted before.
     *
     * @throws InputError when {@code run.json} is not as it must be, with the field
     */
    public Status(RunFolder folder) throws IOException {
        this.folder = folder;
        Path file = folder.path().resolve(FILE);
        try {
            Fields fields = read(file);
            last = state(fields).orElse(null);
            lastStep = fields.has(STEP) ? fields.count(STEP) : 0;
            changes = new JsonArray();
            devices = new JsonArray();
            for (Fields change : fields.has(CHANGES) ? fields.objects(CHANGES) : List.<Fields>of()) {
                change.count(STEP);
                change.text("set");
                changes.add(change.json());
            }
            for (Fields plugin : fields.has(PLUGINS) ? fields.objects(PLUGINS) : List.<Fields>of()) {
                refilled(plugin.count(STEP), plugin.text(SEAT), plugin.text(IS), plugin.text(WAS));
            }
            for (Fields device : fields.has(DEVICES) ? fields.objects(DEVICES) : List.<Fields>of()) {
                device.count(STEP);
                device.text(BACKEND);
                device.text(DEVICE);
                devices.add(device.json());
            }
            if (fields.has(MEMORY)) {
                memory = fields.object(MEMORY).json();
            }
            if (fields.has(SAMPLING)) {
                sampling = fields.object(SAMPLING).json();
            }
            measures = measures(fields);
        } catch (JsonParseException e) {
            throw fault(file, e);
        }
    }

    /** As an empty object where there is none. */
    private static Fields read(Path file) throws IOException {
        try {
            return Fields.read(file);
        } catch (NoSuchFileException _) {
            return Fields.of(new byte[] {'{', '}'});
        }
    }

    private static Optional<State> state(Fields fields) {
        if (fields.has("schema")) {
            fields.oneOf("schema", List.of(SCHEMA));
        }
        return fields.has(STATUS) ? Optional.of(oneOf(fields, STATUS, State.values())) : Optional.empty();
    }

    private static InputError fault(Path file, JsonParseException e) {
        return InputError.of(
                file + ": " + e.getMessage(),
                "mend it at that place; or remove it: the run goes on, and only what the file says is lost",
                e);
    }

    /**
     * Whether a folder says that its run is going on, which a process that was killed says for ever.
     *
     * @throws InputError when {@code run.json} is not as it must be, with the field
     */
    static boolean saysRunning(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            return state(read(file)).filter(State.RUNNING::equals).isPresent();
        } catch (JsonParseException e) {
            throw fault(file, e);
        }
    }

    /**
     * How far a run's folder says that it is.
     *
     * @param state empty where it does not say
     * @param reason why it ended so; empty where there is nothing to say
     */
    public record Last(Optional<State> state, long step, String reason) {}

    /**
     * Reads how far a folder says that its run is.
     *
     * @throws InputError when {@code run.json} is not as it must be, with the field
     */
    public static Last last(Path run) throws IOException {
        Path file = run.resolve(FILE);
        try {
            Fields fields = read(file);
            return new Last(
                    state(fields),
                    fields.has(STEP) ? fields.count(STEP) : 0,
                    fields.has(REASON) ? fields.text(REASON) : "");
        } catch (JsonParseException e) {
            throw fault(file, e);
        }
    }

    /** Notes that a run failed that says it is running, though nobody held its folder. */
    void mend(long saved) throws IOException {
        failed(Math.max(lastStep, saved), "the process ended without saying why (killed?)");
    }

    /** Notes that a run failed, unless it ended before: what fails then is no longer the run. */
    public void failed(long step, String reason) throws IOException {
        if (last == State.RUNNING) {
            write(State.FAILED, step, reason);
        }
    }

    /** Notes what it runs on from a step on, unless that was noted last. */
    public void on(long step, Backend backend) {
        JsonObject entry = new JsonObject();
        entry.addProperty(STEP, step);
        entry.addProperty(BACKEND, backend.id());
        entry.addProperty(DEVICE, backend.device());
        JsonObject before = devices.isEmpty()
                ? new JsonObject()
                : devices.get(devices.size() - 1).getAsJsonObject();
        if (!entry.get(BACKEND).equals(before.get(BACKEND))
                || !entry.get(DEVICE).equals(before.get(DEVICE))) {
            devices.add(entry);
        }
    }

    /** The backend that was noted last; empty where none was. */
    public String backend() {
        return devices.isEmpty()
                ? ""
                : devices.get(devices.size() - 1).getAsJsonObject().get(BACKEND).getAsString();
    }

    /**
     * Notes what is different from a step on.
     *
     * @param set as {@code --set} takes it
     * @param was the value before; null where there was none
     */
    public void changed(long step, String set, JsonElement was) {
        JsonObject entry = new JsonObject();
        entry.addProperty(STEP, step);
        entry.addProperty("set", set);
        entry.add(WAS, was == null ? JsonNull.INSTANCE : was);
        changes.add(entry);
    }

    /**
     * A change that was noted.
     *
     * @param step after which the run went on with it
     * @param set as {@code --set} takes it: {@code phases.0.steps=200}
     */
    public record Change(long step, String set) {
        /** JSON path of what it set: {@code $.phases[0].steps}. */
        public String path() {
            StringBuilder path = new StringBuilder("$");
            for (String name : set.substring(0, Math.max(0, set.indexOf('='))).split("\\.")) {
                path.append(name.matches("\\d+") ? "[" + name + "]" : "." + name);
            }
            return path.toString();
        }
    }

    /**
     * What was different from what a folder's run was begun with, in order.
     *
     * @throws InputError when {@code run.json} is not as it must be, with the field
     */
    public static List<Change> changes(Path run) throws IOException {
        Path file = run.resolve(FILE);
        try {
            Fields fields = read(file);
            return fields.has(CHANGES)
                    ? fields.objects(CHANGES).stream()
                            .map(change -> new Change(change.count(STEP), change.text("set")))
                            .toList()
                    : List.of();
        } catch (JsonParseException e) {
            throw fault(file, e);
        }
    }

    /**
     * Notes that another bundle fills a seat from a step on.
     *
     * @param seat in words, as are both bundles
     */
    public void refilled(long step, String seat, String is, String was) {
        plugins.add(new Refilled(step, kept(seat), kept(is), kept(was)));
    }

    /** The same text as before, where there was one: a run may change its plugins a thousand times. */
    private String kept(String text) {
        return texts.computeIfAbsent(text, same -> same);
    }

    /**
     * Notes that the run goes on after a step. What was set later, on a course that is left now, holds from there on; plugins
     * that came later come again.
     */
    public void goesOn(long step) {
        for (JsonElement entry : changes) {
            JsonObject change = entry.getAsJsonObject();
            change.addProperty(STEP, Math.min(step, change.get(STEP).getAsLong()));
        }
        plugins.removeIf(plugin -> plugin.step() > step);
    }

    /** Notes what the plugins of the run say that they measure. */
    public void measures(List<Measure> declared) {
        measures = List.copyOf(declared);
    }

    /**
     * What the plugins of a folder's run said that they measure; nothing where an older version ran it.
     *
     * @throws InputError when {@code run.json} is not as it must be, with the field
     */
    public static List<Measure> measures(Path run) throws IOException {
        Path file = run.resolve(FILE);
        try {
            return measures(read(file));
        } catch (JsonParseException e) {
            throw fault(file, e);
        }
    }

    private static List<Measure> measures(Fields fields) {
        return fields.has(MEASURES)
                ? fields.objects(MEASURES).stream().map(Status::measure).toList()
                : List.of();
    }

    private static Measure measure(Fields fields) {
        try {
            return new Measure(
                    fields.text(NAME),
                    fields.text(UNIT),
                    oneOf(fields, TAKEN, Measure.Taken.values()),
                    oneOf(fields, BETTER, Measure.Better.values()));
        } catch (IllegalArgumentException e) {
            throw new JsonParseException("$." + MEASURES + ": " + e.getMessage(), e);
        }
    }

    private static <E extends Enum<E>> E oneOf(Fields fields, String name, E[] values) {
        List<String> labels = Arrays.stream(values).map(Status::label).toList();
        return values[labels.indexOf(fields.oneOf(name, labels))];
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private JsonArray measuresJson() {
        JsonArray list = new JsonArray();
        for (Measure measure : measures) {
            JsonObject entry = new JsonObject();
            entry.addProperty(NAME, measure.name());
            entry.addProperty(UNIT, measure.unit());
            entry.addProperty(TAKEN, label(measure.taken()));
            entry.addProperty(BETTER, label(measure.better()));
            list.add(entry);
        }
        return list;
    }

    /** Notes what was predicted and what was measured, in bytes; 0 for what nobody measured. */
    public void memory(long predicted, long peak) {
        memory = new JsonObject();
        memory.addProperty("predictedBytes", predicted);
        if (peak > 0) {
            memory.addProperty("peakBytes", peak);
        }
    }

    /** Notes how long 1,000 examples of samples took the last time, in seconds: no measure, since it is another each time. */
    public void drew(String samples, double seconds) {
        sampling.addProperty(samples, seconds);
    }

    /**
     * How long 1,000 examples took the last time, in seconds by the names of the samples; nothing where an older version drew.
     *
     * @throws InputError when {@code run.json} is not as it must be, with the field
     */
    public static Map<String, Double> sampling(Path run) throws IOException {
        Path file = run.resolve(FILE);
        try {
            Fields fields = read(file);
            Map<String, Double> seconds = new LinkedHashMap<>();
            if (fields.has(SAMPLING)) {
                Fields each = fields.object(SAMPLING);
                each.names().forEach(name -> seconds.put(name, each.number(name)));
            }
            return seconds;
        } catch (JsonParseException e) {
            throw fault(file, e);
        }
    }

    /** Says what the run is doing after a step, or how it ended. */
    public void write(State state, long step) throws IOException {
        write(state, step, "");
    }

    /**
     * Says how the run ended, and why.
     *
     * @param reason its first line is kept; empty where there is nothing to say
     */
    public void write(State state, long step, String reason) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty(STATUS, label(state));
        json.addProperty(STEP, step);
        reason.lines()
                .findFirst()
                .ifPresent(line -> json.addProperty(
                        REASON, line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON - 3) + "..." : line));
        json.addProperty("kolotoc", System.getProperty("kolotoc.version", "unknown"));
        if (!devices.isEmpty()) {
            json.add(DEVICES, devices);
        }
        if (!changes.isEmpty()) {
            json.add(CHANGES, changes);
        }
        if (!plugins.isEmpty()) {
            JsonArray list = new JsonArray();
            plugins.stream().map(Refilled::json).forEach(list::add);
            json.add(PLUGINS, list);
        }
        if (memory != null) {
            json.add(MEMORY, memory);
        }
        if (!sampling.isEmpty()) {
            json.add(SAMPLING, sampling);
        }
        if (!measures.isEmpty()) {
            json.add(MEASURES, measuresJson());
        }
        folder.write(FILE, json);
        last = state;
    }
}
