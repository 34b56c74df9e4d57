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
     * A jar that others made.
     *
     * @param sha256 that it had when it was installed; empty where nobody noted it
     * @param next what to do where it has another
     */
    record Jar(Path file, String sha256, String next) {
        /** One that somebody put there. */
        static Jar of(Path file) {
            return new Jar(file, "", "");
        }
    }

    /**
     * Jars of the state that holds.
     *
     * @throws Problem when it can't be read
     */
    List<Jar> jars() {
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

    private List<Jar> jars(String state) {
        Set<Jar> jars = new LinkedHashSet<>();
        JsonArray features = JsonParser.parseString(state).getAsJsonObject().getAsJsonArray("features");
        for (JsonElement feature : features) {
            String next = "./kolotoc feature update "
                    + feature.getAsJsonObject().get("name").getAsString();
            for (JsonElement bundle : feature.getAsJsonObject().getAsJsonArray("bundles")) {
                String file = bundle.getAsJsonObject().get("file").getAsString();
                String sha256 = bundle.getAsJsonObject().get("sha256").getAsString();
                jars.add(new Jar(folder.resolve("jars").resolve(file), sha256, next));
            }
        }
        return List.copyOf(jars);
    }
}
