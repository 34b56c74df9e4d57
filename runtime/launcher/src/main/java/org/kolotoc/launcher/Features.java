package org.kolotoc.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Feature files: which bundles make up a feature (OSGi Compendium chapter 159, JSON), found in the runtime's own
 * {@code lib} folder. Nothing is fetched from a network.
 *
 * @param home the runtime's folder, with {@code features} and {@code lib}
 */
record Features(Path home) {
    private static final String COMMANDS = "kolotoc.commands";

    /** The jars of a feature, in the order of its file. */
    List<Path> jars(String feature) {
        Path file = home.resolve("features").resolve(feature + ".json");
        if (!Files.isRegularFile(file)) {
            throw new Problem(Nearest.unknown("feature", feature, names()));
        }
        JsonArray bundles = bundles(file);
        List<Path> jars = new ArrayList<>();
        for (int i = 0; i < bundles.size(); i++) {
            jars.add(jar(file, "bundles[" + i + "]", bundles.get(i)));
        }
        return jars;
    }

    /** Jars of all features, those that are not installed too; without a feature whose file can't be used. */
    Map<String, List<Path>> all() {
        Map<String, List<Path>> all = new TreeMap<>();
        for (String name : names()) {
            try {
                all.put(name, jars(name));
            } catch (Problem _) {
                // Told to whoever asks for it.
            }
        }
        return all;
    }

    /** Names of all features that are there. */
    List<String> names() {
        Path folder = home.resolve("features");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".json"))
                    .map(n -> n.substring(0, n.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Problem("no feature files in " + folder + "; do: ./kolotoc build", e);
        }
    }

    /**
     * The features that are installed when somebody types a command that they bring, each with its commands: what their
     * files say in the extension {@code kolotoc.commands}.
     */
    Map<String, List<String>> onDemand() {
        Map<String, List<String>> found = new TreeMap<>();
        for (String name : names()) {
            Path file = home.resolve("features").resolve(name + ".json");
            JsonObject extensions = read(file, feature -> feature.getAsJsonObject("extensions"));
            if (extensions != null && extensions.has(COMMANDS)) {
                found.put(
                        name,
                        read(
                                        file,
                                        _ -> extensions
                                                .getAsJsonObject(COMMANDS)
                                                .getAsJsonArray("text")
                                                .asList())
                                .stream()
                                .map(JsonElement::getAsString)
                                .toList());
            }
        }
        return found;
    }

    private static JsonArray bundles(Path file) {
        return read(file, feature -> feature.getAsJsonArray("bundles"));
    }

    private static <T> T read(Path file, Function<JsonObject, T> part) {
        try {
            return part.apply(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException | ClassCastException e) {
            throw new Problem(
                    "feature file " + file + " is not a JSON object with an array \"bundles\": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Problem("feature file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Path jar(Path file, String place, JsonElement entry) {
        String id = entry.isJsonObject() && entry.getAsJsonObject().has("id")
                ? entry.getAsJsonObject().get("id").getAsString()
                : entry.toString();
        String[] parts = id.split(":");
        if (parts.length != 3) {
            throw new Problem(file + ", " + place + ": expected {\"id\": \"group:artifact:version\"}, found " + id);
        }
        Path jar = home.resolve("lib").resolve(parts[1] + "-" + parts[2] + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new Problem(
                    file + ", " + place + ": " + id + " is not in " + jar.getParent() + "; do: ./kolotoc build");
        }
        return jar;
    }
}
