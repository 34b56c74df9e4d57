package org.kolotoc.engine.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The fields of a JSON object, asked for by type. What is missing or of another type is a {@link JsonParseException} that
 * says which ({@code $.devices[0].step is "x"; expected a whole number}); whoever reads a file puts its name before it.
 */
public final class Fields {
    /** Bytes of a file that is read at once. */
    private static final int MOST = 1 << 26;

    private final JsonObject object;
    private final String path;

    private Fields(JsonObject object, String path) {
        this.object = object;
        this.path = path;
    }

    /**
     * The fields of an object.
     *
     * @param utf8 its text
     * @throws JsonParseException when it is none
     */
    public static Fields of(byte[] utf8) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new JsonParseException("it is no UTF-8 text", e);
        }
        JsonElement value = StrictJson.parse(text);
        if (!(value instanceof JsonObject object)) {
            throw new JsonParseException("$ is " + shown(value) + "; expected an object");
        }
        return new Fields(object, "$");
    }

    /**
     * The fields of the object in a file, which may be no link.
     *
     * @throws JsonParseException when it holds none, or more than anybody writes
     * @throws IOException when it can't be read
     */
    public static Fields read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] text = in.readNBytes(MOST + 1);
            if (text.length > MOST) {
                throw new JsonParseException("it has more than " + MOST + " bytes");
            }
            return of(text);
        }
    }

    /** The object itself. */
    public JsonObject json() {
        return object;
    }

    public Set<String> names() {
        return object.keySet();
    }

    public boolean has(String name) {
        return object.has(name);
    }

    /** A text. */
    public String text(String name) {
        return object.get(name) instanceof JsonPrimitive value && value.isString()
                ? value.getAsString()
                : wrong(name, "a text in quotes");
    }

    /** One of some texts. */
    public String oneOf(String name, Collection<String> allowed) {
        String text = text(name);
        return allowed.contains(text) ? text : wrong(name, "one of " + String.join(", ", allowed));
    }

    public boolean flag(String name) {
        return object.get(name) instanceof JsonPrimitive value && value.isBoolean()
                ? value.getAsBoolean()
                : wrong(name, "true or false");
    }

    /** A whole number. */
    public long whole(String name) {
        return whole(object.get(name), path + "." + name, Long.MIN_VALUE);
    }

    /** A whole number from 0 on: steps, lines, bytes. */
    public long count(String name) {
        return whole(object.get(name), path + "." + name, 0);
    }

    /** Whole numbers from 0 on. */
    public List<Long> counts(String name) {
        JsonArray array = list(name);
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            counts.add(whole(array.get(i), path + "." + name + "[" + i + "]", 0));
        }
        return counts;
    }

    private static long whole(JsonElement value, String at, long least) {
        try {
            if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
                long whole = Long.parseLong(primitive.getAsString());
                if (whole >= least) {
                    return whole;
                }
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw fault(at, value, "a whole number" + (least == 0 ? " from 0 on" : ""));
    }

    /** A number; what JSON has no number for is {@code "NaN"}, {@code "Infinity"} or {@code "-Infinity"}. */
    public double number(String name) {
        if (object.get(name) instanceof JsonPrimitive value) {
            if (value.isNumber()) {
                return value.getAsDouble();
            }
            switch (value.getAsString()) {
                case "NaN" -> {
                    return Double.NaN;
                }
                case "Infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-Infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> {}
            }
        }
        return wrong(name, "a number, or \"NaN\", \"Infinity\" or \"-Infinity\"");
    }

    /** An object in this one. */
    public Fields object(String name) {
        return object.get(name) instanceof JsonObject inner
                ? new Fields(inner, path + "." + name)
                : wrong(name, "an object");
    }

    /** A list of objects. */
    public List<Fields> objects(String name) {
        JsonArray array = list(name);
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String at = path + "." + name + "[" + i + "]";
            if (!(array.get(i) instanceof JsonObject inner)) {
                throw fault(at, array.get(i), "an object");
            }
            objects.add(new Fields(inner, at));
        }
        return objects;
    }

    private JsonArray list(String name) {
        return object.get(name) instanceof JsonArray array ? array : wrong(name, "a list");
    }

    private <T> T wrong(String name, String expected) {
        throw fault(path + "." + name, object.get(name), expected);
    }

    private static JsonParseException fault(String at, JsonElement value, String expected) {
        return new JsonParseException(
                at + " " + (value == null ? "is missing" : "is " + shown(value)) + "; expected " + expected);
    }

    private static String shown(JsonElement value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }
}
