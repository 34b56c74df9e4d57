package org.kolotoc.engine;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.kolotoc.engine.state.Hash;

/** What tests do to files. */
public final class TestFiles {
    private TestFiles() {}

    /** Removes a folder with all in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** What a folder holds, in order; nothing where there is none. */
    public static List<String> names(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Changes a {@code checkpoint.json} so that its seal still fits. */
    public static void reseal(Path file, Consumer<JsonObject> change) throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        json.remove("seal");
        change.accept(json);
        json.addProperty("seal", Hash.of(json.toString().getBytes(StandardCharsets.UTF_8)));
        Files.writeString(file, json.toString());
    }
}
