package org.kolotoc.engine.isolate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.event.Event;

/** What a run's process tells its host, as lines of JSON from which the same objects are made: events, and how it ended. */
final class Wire {
    private static final String TYPE = "type";
    private static final String VALUE = "value";

    private static final Gson GSON = new GsonBuilder()
            .disableHtmlEscaping()
            .serializeSpecialFloatingPointValues()
            .registerTypeHierarchyAdapter(
                    Path.class, (JsonSerializer<Path>) (path, _, _) -> new JsonPrimitive(path.toString()))
            .registerTypeHierarchyAdapter(
                    Path.class, (JsonDeserializer<Path>) (path, _, _) -> Path.of(path.getAsString()))
            .registerTypeAdapter(byte[].class, (JsonSerializer<byte[]>)
                    (bytes, _, _) -> new JsonPrimitive(Base64.getEncoder().encodeToString(bytes)))
            .registerTypeAdapter(byte[].class, (JsonDeserializer<byte[]>)
                    (text, _, _) -> Base64.getDecoder().decode(text.getAsString()))
            .create();

    private Wire() {}

    static String line(Event event) {
        return line(event.getClass().getSimpleName(), event);
    }

    static String line(Outcome outcome) {
        return line(Outcome.class.getSimpleName(), outcome);
    }

    static String line(Failure failure) {
        return line(Failure.class.getSimpleName(), failure);
    }

    private static String line(String type, Object value) {
        JsonObject line = new JsonObject();
        line.addProperty(TYPE, type);
        line.add(VALUE, GSON.toJsonTree(value));
        return GSON.toJson(line);
    }

    /** An {@link Event}, an {@link Outcome} or a {@link Failure}. */
    static Object read(String line) {
        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
        String name = json.get(TYPE).getAsString();
        Class<?> type = name.equals(Outcome.class.getSimpleName())
                ? Outcome.class
                : name.equals(Failure.class.getSimpleName())
                        ? Failure.class
                        : Arrays.stream(Event.class.getPermittedSubclasses())
                                .filter(event -> event.getSimpleName().equals(name))
                                .findFirst()
                                .orElseThrow();
        return GSON.fromJson(json.get(VALUE), type);
    }
}
