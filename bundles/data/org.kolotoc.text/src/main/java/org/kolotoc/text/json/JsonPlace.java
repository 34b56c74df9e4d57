package org.kolotoc.text.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;

/**
 * A value in a JSON file, and where it stands.
 *
 * @param file name for messages
 * @param path of the value: {@code $.model.merges[3]}
 * @param value as it is there
 */
public record JsonPlace(String file, String path, JsonElement value) {
    private static final Pattern PARSER_PLACE = Pattern.compile("(?s)(.*?) ?at (line \\d+ column \\d+) path (\\S+).*");
    private static final Pattern PLAIN = Pattern.compile("\\w+");
    private static final int SHOWN = 60;

    /**
     * The whole of a file.
     *
     * @throws InputError when it is no JSON; names line and column
     */
    public static JsonPlace of(TextFile file) {
        JsonReader reader = new JsonReader(new StringReader(file.text()));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement value = JsonParser.parseReader(reader);
            if (more(reader)) {
                throw new IOException(
                        "there is more after its end " + reader.toString().replaceFirst("^\\w+ ", ""));
            }
            return new JsonPlace(file.name(), "$", value);
        } catch (IOException | JsonParseException e) {
            throw InputError.of(file.name() + " is no JSON: " + reason(e), "get the file again, or mend that place", e);
        }
    }

    private static boolean more(JsonReader reader) {
        try {
            return reader.peek() != JsonToken.END_DOCUMENT;
        } catch (IOException _) {
            return true;
        }
    }

    private static String reason(Exception e) {
        String message = e.getCause() instanceof IOException cause ? cause.getMessage() : e.getMessage();
        Matcher place = PARSER_PLACE.matcher(String.valueOf(message));
        if (!place.matches()) {
            return message;
        }
        // What the parser advises its callers to do helps nobody here.
        String why = place.group(1).isEmpty() || place.group(1).contains("JsonReader") ? "" : ": " + place.group(1);
        return place.group(2).replace(" column", ", column") + ", at " + place.group(3) + why;
    }

    /** What is wrong with this value. */
    public InputError wrong(String what, String next) {
        return InputError.of(file + ": " + path + " " + what, next);
    }

    /** A value that there should not be. */
    public InputError unknown(String what, String expected) {
        return wrong(
                what + " is " + brief() + "; expected " + expected,
                "convert the file, or choose a tokenizer without that");
    }

    private String brief() {
        String text = String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** A field by its name and value. */
    JsonPlace below(String name, JsonElement found) {
        String step = PLAIN.matcher(name).matches() ? "." + name : "[" + new JsonPrimitive(name) + "]";
        return new JsonPlace(file, path + step, found);
    }

    /** A field that may be absent, or null. */
    public Optional<JsonPlace> find(String name) {
        JsonElement found = object().get(name);
        return found == null || found.isJsonNull() ? Optional.empty() : Optional.of(below(name, found));
    }

    /** A field that must be there. */
    public JsonPlace get(String name) {
        return find(name).orElseThrow(() -> wrong("has no \"" + name + "\"", "get the file again"));
    }

    /** A truth value that may be absent. */
    public boolean flag(String name, boolean otherwise) {
        return find(name).map(JsonPlace::flag).orElse(otherwise);
    }

    /** The same where a file is read to its end: a value that is none is noted, and as if it were absent. */
    public boolean flag(String name, boolean otherwise, Faults faults) {
        return faults.of(() -> flag(name, otherwise)).orElse(otherwise);
    }

    /**
     * Refuses fields that nobody here reads.
     *
     * @throws InputError naming each
     */
    public JsonPlace only(Set<String> names) {
        List<String> others = object().keySet().stream()
                .filter(name -> !names.contains(name))
                .map(name -> "\"" + name + "\"")
                .toList();
        if (!others.isEmpty()) {
            boolean one = others.size() == 1;
            throw wrong(
                    "has the " + (one ? "field " : "fields ") + String.join(", ", others) + ", which "
                            + (one ? "is" : "are") + " not known here; known are "
                            + names.stream().sorted().toList(),
                    "convert the file, or choose a tokenizer without that");
        }
        return this;
    }

    private JsonObject object() {
        if (!value.isJsonObject()) {
            throw expected("an object");
        }
        return value.getAsJsonObject();
    }

    /** Fields of an object, in their order, without their places. */
    Map<String, JsonElement> members() {
        return object().asMap();
    }

    /** Elements of an array. */
    public List<JsonPlace> items() {
        if (!value.isJsonArray()) {
            throw expected("an array");
        }
        JsonArray array = value.getAsJsonArray();
        List<JsonPlace> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            items.add(new JsonPlace(file, path + "[" + i + "]", array.get(i)));
        }
        return items;
    }

    public String text() {
        if (value instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw expected("a text");
    }

    public boolean flag() {
        if (value instanceof JsonPrimitive flag && flag.isBoolean()) {
            return flag.getAsBoolean();
        }
        throw expected("true or false");
    }

    /** A number of a token, or how many of something. */
    public int integer() {
        return integer(value).orElseThrow(() -> expected("a whole number of at least 0"));
    }

    static Optional<Integer> integer(JsonElement value) {
        if (value instanceof JsonPrimitive number && number.isNumber()) {
            double exact = number.getAsDouble();
            return exact >= 0 && exact <= Integer.MAX_VALUE && exact == Math.rint(exact)
                    ? Optional.of((int) exact)
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private InputError expected(String what) {
        return wrong("is " + brief() + "; expected " + what, "get the file again, or mend that place");
    }
}
