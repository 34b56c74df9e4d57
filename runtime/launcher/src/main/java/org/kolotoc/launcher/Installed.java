package org.kolotoc.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was installed at run time, as the engine's package {@code feature} notes it.
 *
 * @param folder {@code installed} of the runtime
 */
record Installed(Path folder) {
    /**
     * Jars of the state that holds.
     *
     * @throws Problem when it can't be read
     */
    List<Path> jars() {
        Path current = folder.resolve("current");
        if (!Files.exists(current)) {
            return List.of();
        }
        try {
            int number = Integer.parseInt(Files.readString(current).strip());
            return number == 0 ? List.of() : jars(Files.readString(folder.resolve("state-" + number + ".json")));
        } catch (IOException | RuntimeException e) {
            throw new Problem(
                    "what was installed cannot be told, " + current + " or its state is damaged: " + e.getMessage()
                            + "; do: ./kolotoc feature rollback",
                    e);
        }
    }

    private List<Path> jars(String state) {
        Set<Path> jars = new LinkedHashSet<>();
        JsonArray features = JsonParser.parseString(state).getAsJsonObject().getAsJsonArray("features");
        for (JsonElement feature : features) {
            for (JsonElement bundle : feature.getAsJsonObject().getAsJsonArray("bundles")) {
                String file = bundle.getAsJsonObject().get("file").getAsString();
                jars.add(folder.resolve("jars").resolve(file));
            }
        }
        return List.copyOf(jars);
    }
}
