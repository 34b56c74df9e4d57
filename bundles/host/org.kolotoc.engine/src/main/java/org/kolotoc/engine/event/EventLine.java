package org.kolotoc.engine.event;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.nio.file.Path;
import java.util.Map;
import org.kolotoc.api.Sample;

/** An event as a line of JSON: {@code {"event": "saved", "step": 5}}. What is not finite is null. */
public final class EventLine {
    /** The field with its name. */
    public static final String EVENT = "event";

    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeHierarchyAdapter(
                    Path.class, (JsonSerializer<Path>) (path, _, _) -> new JsonPrimitive(path.toString()))
            .registerTypeHierarchyAdapter(Sample.class, (JsonSerializer<Sample>) (sample, _, _) -> json(sample))
            .registerTypeAdapter(Double.class, (JsonSerializer<Double>) (value, _, _) -> number(value))
            .create();

    private EventLine() {}

    public static String of(Event event) {
        JsonObject line = new JsonObject();
        String name = event.getClass().getSimpleName();
        line.addProperty(EVENT, Character.toLowerCase(name.charAt(0)) + name.substring(1));
        JsonObject fields = GSON.toJsonTree(event).getAsJsonObject();
        if (event instanceof Event.Judged judged) {
            fields = JsonParser.parseString(judged.json()).getAsJsonObject();
            fields.remove("schema");
        }
        for (Map.Entry<String, JsonElement> field : fields.entrySet()) {
            line.add(field.getKey(), field.getValue());
        }
        return GSON.toJson(line);
    }

    private static JsonElement json(Sample sample) {
        JsonObject json = new JsonObject();
        json.addProperty("mediaType", sample.mediaType());
        if (sample.isText()) {
            json.addProperty("text", sample.text());
        } else {
            json.addProperty("bytes", sample.content().length);
        }
        return json;
    }

    private static JsonElement number(Double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : com.google.gson.JsonNull.INSTANCE;
    }
}
