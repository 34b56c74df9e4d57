package org.kolotoc.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Origin;

/**
 * The data that a run began with, as {@code lock.json} has it.
 *
 * @param lock the file
 * @param files by the path that the experiment or the data source has
 * @param complete whether it has every file that was read: earlier versions left out those that were given by a path of
 *     their own
 * @param fault what keeps it from being read; null where nothing does
 */
public record LockedData(Path lock, Map<String, Entry> files, boolean complete, InputError fault) {
    /**
     * A file.
     *
     * @param found where it lay; unknown to earlier versions
     */
    public record Entry(String sha256, Optional<Path> found) {}

    /** Reads a lock. That it is missing or broken is a fault only where there are files to be held against it. */
    static LockedData of(Path lock) {
        try {
            return read(lock);
        } catch (InputError e) {
            return new LockedData(lock, Map.of(), false, e);
        }
    }

    private static LockedData read(Path lock) {
        JsonElement json;
        try {
            json = JsonParser.parseString(Files.readString(lock));
        } catch (IOException | JsonParseException e) {
            throw broken(lock, "$", Files.exists(lock) ? "is no JSON" : "is missing", e);
        }
        if (!(json instanceof JsonObject object) || !(object.get("data") instanceof JsonObject data)) {
            throw broken(lock, "$.data", "is no object", null);
        }
        Map<String, Entry> files = new TreeMap<>();
        data.entrySet().forEach(file -> files.put(file.getKey(), entry(lock, file.getKey(), file.getValue())));
        return new LockedData(lock, files, object.has(Origin.FIELD), null);
    }

    private static Entry entry(Path lock, String path, JsonElement value) {
        if (value instanceof JsonPrimitive hash && hash.isString()) {
            return new Entry(hash.getAsString(), Optional.empty());
        }
        if (value instanceof JsonObject file
                && file.get("sha256") instanceof JsonPrimitive hash
                && hash.isString()
                && file.get("found") instanceof JsonPrimitive found
                && found.isString()) {
            try {
                return new Entry(hash.getAsString(), Optional.of(Path.of(found.getAsString())));
            } catch (InvalidPathException e) {
                throw broken(lock, place(path) + ".found", "is no path: " + e.getReason(), e);
            }
        }
        throw broken(lock, place(path), "is " + value + "; expected an object with \"found\" and \"sha256\"", null);
    }

    private static String place(String path) {
        return "$.data[\"" + path + "\"]";
    }

    private static InputError broken(Path lock, String place, String how, Exception cause) {
        return InputError.of(
                lock + ": " + place + " " + how + ", so nobody can tell whether the data is what the run began with",
                "put the run's own lock.json there, or begin a new run: ./kolotoc run "
                        + lock.resolveSibling("experiment.json"),
                cause);
    }

    /** The part of a lock that {@link #of} reads. */
    public static JsonObject json(Collection<DataFile> files) {
        JsonObject data = new JsonObject();
        for (DataFile file : files) {
            JsonObject entry = new JsonObject();
            entry.addProperty("found", file.found().toString());
            entry.addProperty("bytes", file.bytes());
            entry.addProperty("sha256", file.sha256());
            data.add(file.path(), entry);
        }
        return data;
    }
}
