package org.kolotoc.engine.lease;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.regex.Pattern;
import org.kolotoc.engine.json.Fields;

/**
 * A bundle by what it is, wherever it lies.
 *
 * @param name symbolic name
 * @param sha256 of its jar; empty where nobody knows it
 */
public record BundleContent(String name, String version, String sha256) {
    private static final String NAME = "name";
    private static final String VERSION = "version";
    private static final String HASH = "sha256";
    static final int HASH_LENGTH = 64;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{" + HASH_LENGTH + "}");
    private static final int SHOWN = 8;

    /** @throws JsonParseException naming the field that is missing or of another type */
    static BundleContent of(Fields fields) {
        String hash = fields.text(HASH);
        if (!hash.isEmpty() && !SHA_256.matcher(hash).matches()) {
            throw new JsonParseException(
                    "\"" + HASH + "\": \"" + hash + "\"; expected " + HASH_LENGTH + " hexadecimal digits");
        }
        return new BundleContent(fields.text(NAME), fields.text(VERSION), hash);
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty(NAME, name);
        json.addProperty(VERSION, version);
        json.addProperty(HASH, sha256);
        return json;
    }

    /** Whether it can be told from another build of the same name and version. */
    public boolean isKnown() {
        return !sha256.isEmpty();
    }

    /** Whether it can be kept in a file that is told from all others and leads nowhere else. */
    boolean isKeepable() {
        return PLAIN.matcher(name).matches() && PLAIN.matcher(version).matches() && !sha256.isEmpty();
    }

    /** The name of its jar: {@code hello-1.0.0-0a1b2c3d.jar}. */
    String file() {
        return name + "-" + version + "-" + shortHash() + ".jar";
    }

    private String shortHash() {
        return sha256.substring(0, Math.min(SHOWN, sha256.length()));
    }

    /** {@code hello 1.0.0 (0a1b2c3d)}. */
    @Override
    public String toString() {
        return name + " " + version + (sha256.isEmpty() ? "" : " (" + shortHash() + ")");
    }
}
