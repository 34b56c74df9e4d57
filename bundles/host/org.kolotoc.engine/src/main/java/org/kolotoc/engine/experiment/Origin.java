package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where an experiment comes from. A run folder's own {@code experiment.json} is a copy of a file that lay elsewhere: what
 * that one names by a relative path lies where it always lay.
 *
 * @param folder absolute; relative paths of the experiment count from it
 * @param run the file, when it is the copy in a run folder; people send each other such folders, so whatever it makes the
 *     program read is told before it is read
 * @param disclosed hears that
 */
public record Origin(Path folder, Optional<Path> run, Consumer<String> disclosed) {
    /** Field of {@code lock.json} with the folder of the file that a run was begun with. */
    public static final String FIELD = "experimentFolder";

    private static final String COPY = "experiment.json";
    private static final List<String> OF_RUNS = List.of("lock.json", "run.json", "checkpoints");

    static Origin of(Path file, Consumer<String> disclosed) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        boolean copy = file.endsWith(COPY) && OF_RUNS.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
        return copy
                ? new Origin(remembered(folder).orElse(folder), Optional.of(file), disclosed)
                : new Origin(folder, Optional.empty(), disclosed);
    }

    /** Nothing where a run was begun by a version that did not note it. */
    private static Optional<Path> remembered(Path run) {
        try {
            JsonElement lock = JsonParser.parseString(Files.readString(run.resolve("lock.json")));
            return lock instanceof JsonObject object
                            && object.get(FIELD) instanceof JsonPrimitive path
                            && Path.of(path.getAsString()).isAbsolute()
                    ? Optional.of(Path.of(path.getAsString()))
                    : Optional.empty();
        } catch (IOException | JsonParseException | InvalidPathException _) {
            return Optional.empty();
        }
    }

    /** To be called before a file is read that the experiment names. */
    public void tell(Path read) {
        run.ifPresent(file -> disclosed.accept("reads " + read + ", which " + file + " names"));
    }
}
