package org.kolotoc.engine.state;

import com.google.gson.JsonObject;
import org.kolotoc.engine.json.Fields;

/**
 * How much of {@code metrics.jsonl} belongs to a checkpoint, and its hash: what a verdict is made of is as old as the
 * weights.
 *
 * @param lines from the file's first on
 * @param bytes of these lines
 * @param sha256 of these bytes
 */
public record MetricsSeal(long lines, long bytes, String sha256) {
    private static final String LINES = "lines";
    private static final String BYTES = "bytes";
    private static final String HASH = "sha256";

    static MetricsSeal of(Fields fields) {
        return new MetricsSeal(fields.count(LINES), fields.count(BYTES), fields.text(HASH));
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty(LINES, lines);
        json.addProperty(BYTES, bytes);
        json.addProperty(HASH, sha256);
        return json;
    }
}
