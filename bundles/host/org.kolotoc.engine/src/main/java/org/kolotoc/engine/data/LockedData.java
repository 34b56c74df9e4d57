package org.kolotoc.engine.data;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Origin;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.json.Fields;

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
    private static final String DATA = "data";
    private static final String FOUND = "found";
    private static final String HASH = "sha256";

    /**
     * A file.
     *
     * @param found where it lay; unknown to earlier versions
     */
    public record Entry(String sha256, Optional<Path> found) {}

    /** Reads a lock. That it is missing or broken is a fault only where there are files to be held against it. */
    public static LockedData of(Path lock) {
        try {
            return read(lock);
        } catch (InputError e) {
            return new LockedData(lock, Map.of(), false, e);
        }
    }

    private static LockedData read(Path lock) {
        try {
            Fields fields = Fields.read(lock);
            Fields data = fields.object(DATA);
            Map<String, Entry> files = new TreeMap<>();
            for (String path : data.names()) {
                files.put(path, entry(data, path));
            }
            return new LockedData(lock, files, fields.has(Origin.FIELD), null);
        } catch (NoSuchFileException e) {
            throw broken(lock, "it is missing", e);
        } catch (IOException | JsonParseException e) {
            throw broken(lock, e.getMessage(), e);
        }
    }

    private static Entry entry(Fields data, String path) {
        if (data.json().get(path) instanceof JsonPrimitive) {
            return new Entry(data.text(path), Optional.empty());
        }
        Fields file = data.object(path);
        try {
            return new Entry(file.text(HASH), Optional.of(Path.of(file.text(FOUND))));
        } catch (InvalidPathException e) {
            throw new JsonParseException("$." + DATA + "." + path + "." + FOUND + " is no path: " + e.getReason(), e);
        }
    }

    private static InputError broken(Path lock, String how, Exception cause) {
        return InputError.of(
                lock + ": " + how + ", so nobody can tell whether the data is what the run began with",
                "put the run's own lock.json there, or begin a new run: ./kolotoc run "
                        + Printable.word(lock.resolveSibling("experiment.json")),
                cause);
    }

    /** The part of a lock that {@link #of} reads. */
    public static JsonObject json(Collection<DataFile> files) {
        JsonObject data = new JsonObject();
        for (DataFile file : files) {
            JsonObject entry = new JsonObject();
            entry.addProperty(FOUND, file.found().toString());
            entry.addProperty("bytes", file.bytes());
            entry.addProperty(HASH, file.sha256());
            data.add(file.path(), entry);
        }
        return data;
    }
}
