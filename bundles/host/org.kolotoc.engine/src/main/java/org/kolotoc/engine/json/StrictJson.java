package org.kolotoc.engine.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON as RFC 8259 has it: one value and nothing after it, no bare words, no endless nesting, no number beyond a double,
 * and no field twice, of which a reader would silently keep one.
 */
public final class StrictJson {
    /** How the parser ends its messages; what stands before is for programmers where it names its classes. */
    private static final Pattern PLACE = Pattern.compile("(?s)(.*?) ?at line (\\d+) column (\\d+) path (\\S+).*");

    private static final int LONGEST_SHOWN = 60;

    /** Characters before a fault that are shown. */
    private static final int LONGEST_READ = 30;

    private StrictJson() {}

    /**
     * The value that a text is.
     *
     * @throws JsonParseException when it is none, or there is more; says why, with line, column and path
     */
    public static JsonElement parse(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement value = value(reader);
            if (more(reader)) {
                throw new JsonSyntaxException("there is more after its end " + place(reader.toString()));
            }
            return value;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new JsonSyntaxException(reason(e.getMessage()) + near(text, e.getMessage()), e);
        }
    }

    private static boolean more(JsonReader reader) {
        try {
            return reader.peek() != JsonToken.END_DOCUMENT;
        } catch (IOException _) {
            return true;
        }
    }

    /** Nested as deep as the reader allows, which is less than a stack takes. */
    private static JsonElement value(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(value(reader));
                }
                reader.endArray();
                return array;
            }
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = reader.nextName();
                    if (object.has(name)) {
                        throw new JsonSyntaxException(
                                "the field '" + name + "' is there twice, " + place(reader.toString()));
                    }
                    object.add(name, value(reader));
                }
                reader.endObject();
                return object;
            }
            case STRING -> {
                return new JsonPrimitive(reader.nextString());
            }
            case NUMBER -> {
                return number(reader);
            }
            default -> {
                return JsonParser.parseReader(reader);
            }
        }
    }

    /** What no double is near to, or is too long to be one, would be trouble for whoever asks for its value. */
    private static JsonElement number(JsonReader reader) {
        String place = place(reader.toString());
        JsonElement number = JsonParser.parseReader(reader);
        try {
            if (Double.isFinite(number.getAsBigDecimal().doubleValue())) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        String text = number.getAsString();
        throw new JsonSyntaxException("the number "
                + (text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text)
                + " is beyond what is computed with, " + place);
    }

    private static String reason(String message) {
        Matcher matcher = PLACE.matcher(String.valueOf(message));
        if (!matcher.matches()) {
            return String.valueOf(message);
        }
        String why = matcher.group(1);
        return (why.isEmpty() || why.contains("JsonReader") ? "" : why + " ") + place(message);
    }

    /** What was read before the parser stopped, in the same line. */
    private static String near(String text, String message) {
        Matcher matcher = PLACE.matcher(String.valueOf(message));
        if (!matcher.matches() || text.isBlank()) {
            return text.isBlank() ? "; read was nothing" : "";
        }
        String line = text.lines()
                .skip(Integer.parseInt(matcher.group(2)) - 1L)
                .findFirst()
                .orElse("");
        int end = Math.min(line.length(), Integer.parseInt(matcher.group(3)));
        String before = line.substring(Math.max(0, end - LONGEST_READ), end).strip();
        return before.isEmpty() ? "" : "; read was \u00ab" + before + "\u00bb";
    }

    private static String place(String message) {
        Matcher matcher = PLACE.matcher(message);
        if (!matcher.matches()) {
            return "";
        }
        String path = matcher.group(4);
        return "at line " + matcher.group(2) + ", column " + matcher.group(3) + ", path "
                + (path.length() > LONGEST_SHOWN ? path.substring(0, LONGEST_SHOWN) + "..." : path);
    }
}
