package org.kolotoc.engine.channel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.kolotoc.api.Sample;

/**
 * Lines of an answer: {@code {"waiting": "step 5 of 100"}} as often as it takes, events to those who follow, and at the end
 * {@code {"answer": ...}} or {@code {"error": "...", "next": "..."}}.
 */
final class Wire {
    static final String ANSWER = "answer";
    static final String WAITING = "waiting";
    static final String ERROR = "error";
    static final String NEXT = "next";

    private static final String TYPE = "mediaType";
    private static final String TEXT = "text";
    private static final String BASE64 = "base64";

    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(Sample.class, (JsonSerializer<Sample>) (sample, _, _) -> json(sample))
            .registerTypeAdapter(Sample.class, (JsonDeserializer<Sample>) (json, _, _) -> sample(json))
            .registerTypeAdapter(Double.class, (JsonSerializer<Double>) (value, _, _) -> number(value))
            .registerTypeAdapter(Double.class, (JsonDeserializer<Double>) (json, _, _) -> json.getAsDouble())
            .create();

    private Wire() {}

    static String answer(Object value) {
        JsonObject line = new JsonObject();
        line.add(ANSWER, GSON.toJsonTree(value));
        return GSON.toJson(line);
    }

    static String waiting(String doing) {
        JsonObject line = new JsonObject();
        line.addProperty(WAITING, doing);
        return GSON.toJson(line);
    }

    static String error(String what, String next) {
        JsonObject line = new JsonObject();
        line.addProperty(ERROR, what);
        line.addProperty(NEXT, next);
        return GSON.toJson(line);
    }

    static <T> T read(JsonElement answer, Class<T> type) {
        return GSON.fromJson(answer, type);
    }

    private static JsonElement json(Sample sample) {
        JsonObject json = new JsonObject();
        json.addProperty(TYPE, sample.mediaType());
        if (sample.isText()) {
            json.addProperty(TEXT, sample.text());
        } else {
            json.addProperty(BASE64, Base64.getEncoder().encodeToString(sample.content()));
        }
        return json;
    }

    private static Sample sample(JsonElement json) {
        JsonObject object = json.getAsJsonObject();
        return new Sample(
                object.get(TYPE).getAsString(),
                object.has(TEXT)
                        ? object.get(TEXT).getAsString().getBytes(StandardCharsets.UTF_8)
                        : Base64.getDecoder().decode(object.get(BASE64).getAsString()));
    }

    /** JSON has no number for what is not finite. */
    private static JsonElement number(Double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(value.toString());
    }
}
