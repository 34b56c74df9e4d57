package org.kolotoc.engine.lease;

import com.google.gson.JsonObject;
import org.kolotoc.engine.json.Fields;

/**
 * A bundle that broke in a run, and fills none of its seats again unless somebody says that it may.
 *
 * @param step updates that were made when it broke
 * @param reason in one line
 */
public record Quarantined(BundleContent bundle, long step, String reason) {
    private static final String BUNDLE = "bundle";
    private static final String STEP = "step";
    private static final String REASON = "reason";

    static Quarantined of(Fields fields) {
        return new Quarantined(BundleContent.of(fields.object(BUNDLE)), fields.count(STEP), fields.text(REASON));
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.add(BUNDLE, bundle.json());
        json.addProperty(STEP, step);
        json.addProperty(REASON, reason);
        return json;
    }

    /** {@code hello 1.1.0 (0a1b2c3d) is quarantined in this run, since step 250: ...}. */
    @Override
    public String toString() {
        return bundle + " is quarantined in this run, since step " + step + ": " + reason;
    }
}
