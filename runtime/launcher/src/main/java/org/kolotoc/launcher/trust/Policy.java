package org.kolotoc.launcher.trust;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A policy of a host: {@code {"schema": "kolotoc.policy/1", "trust": "signed", "keys": "keys.pem"}}. It lies with the host and
 * not in an experiment: those come from anybody.
 *
 * @param file it was read from
 * @param keys whose signature lets a bundle run
 */
public record Policy(Path file, Keys keys) {
    private static final String SCHEMA = "kolotoc.policy/1";
    private static final String LOOKS = "it looks so: {\"schema\": \"" + SCHEMA
            + "\", \"trust\": \"signed\", \"keys\": \"keys.pem\"}; or take it away";

    /** What each field may be; {@code keys} is any file. */
    private static final Map<String, Set<String>> FIELDS =
            Map.of("schema", Set.of(SCHEMA), "trust", Set.of("signed"), "keys", Set.of());

    /**
     * Reads one.
     *
     * @throws Distrust when it can't be read, or says what is not known here: then nobody knows what it demands
     */
    public static Policy read(Path file) throws Distrust {
        JsonObject json;
        try {
            json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException e) {
            throw Distrust.unreadable(e, LOOKS);
        } catch (JsonParseException | IllegalStateException e) {
            throw new Distrust("is no JSON object: " + e.getMessage(), LOOKS, e);
        }
        Set<String> missing = new TreeSet<>(FIELDS.keySet());
        for (String field : json.keySet()) {
            JsonElement value = json.get(field);
            boolean text = value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
            Set<String> known = FIELDS.get(field);
            if (known == null || !text || !known.isEmpty() && !known.contains(value.getAsString())) {
                throw new Distrust(
                        "says at $." + field + " " + value + "; expected "
                                + (known == null
                                        ? "no such field"
                                        : known.isEmpty() ? "the name of a file" : String.join(", ", known)),
                        LOOKS);
            }
            missing.remove(field);
        }
        if (!missing.isEmpty()) {
            throw new Distrust("does not say $." + List.copyOf(missing).getFirst(), LOOKS);
        }
        Path keys = file.toAbsolutePath().resolveSibling(json.get("keys").getAsString());
        try {
            return new Policy(file, Keys.read(keys));
        } catch (Distrust e) {
            throw new Distrust("names the keys " + keys + ", which file " + e.getMessage(), e.next(), e);
        }
    }

    /**
     * Refuses a jar that it does not let run.
     *
     * @throws Distrust with what is wrong with the jar
     */
    void require(Path jar) throws Distrust {
        try {
            SignedJar.require(jar, keys);
        } catch (Distrust e) {
            throw new Distrust(e.getMessage() + "; " + file + " demands signed bundles", e.next(), e);
        }
    }
}
