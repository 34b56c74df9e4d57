package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.InputError;

/** JSON that a person wrote: one value and nothing after it, no field twice; says where it is none. */
final class JsonText {
    /** How the parser ends its messages; what stands before is for programmers where it names its classes. */
    private static final Pattern PLACE = Pattern.compile("(?s)(.*?) ?at line (\\d+) column (\\d+) path (\\S+).*");

    private JsonText() {}

    /**
     * The object in a file.
     *
     * @param what the file is, for messages: experiment
     * @throws InputError when it is not there, is no UTF-8 or no JSON object; says where
     */
    static JsonObject read(Path path, String what) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (IOException e) {
            throw InputError.of(
                    "the " + what + " " + path + " can't be read"
                            + (Files.exists(path) ? ": " + e.getMessage() : ": there is no such file"),
                    what.equals("experiment")
                            ? "give the path of an experiment: ./kolotoc run examples/experiments/first.json"
                            : "name a file that is there, seen from the experiment's folder",
                    e);
        }
        String text = decoded(bytes, path, what);
        try {
            JsonElement root = value(text);
            UniqueFields.check(text);
            if (root.isJsonObject()) {
                return root.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw InputError.of(path + " is not JSON: " + reason(e), "mend the file at that place", e);
        }
        throw InputError.of(
                path + " holds no JSON object; expected {\"schema\": \"" + Experiment.SCHEMA + "\", ...}", "");
    }

    private static String decoded(byte[] bytes, Path path, String what) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
        } catch (CharacterCodingException e) {
            int at = Math.min(rest.position(), bytes.length - 1);
            throw InputError.of(
                    path + " is not UTF-8 text: byte " + at + " is " + String.format("0x%02X", bytes[at])
                            + "; expected a JSON file: the " + what,
                    "save it as UTF-8, for example with: iconv -f <its encoding> -t utf-8",
                    e);
        }
    }

    /**
     * The value that a text is.
     *
     * @throws JsonParseException when it is none, or there is more
     */
    static JsonElement value(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        JsonElement value = JsonParser.parseReader(reader);
        try {
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonSyntaxException("there is more after its end");
            }
        } catch (IOException e) {
            throw new JsonSyntaxException("there is more after its end " + place(e.getMessage()), e);
        }
        return value;
    }

    private static String reason(JsonParseException e) {
        Throwable deepest =
                e.getCause() instanceof IOException && e.getMessage().contains("Exception") ? e.getCause() : e;
        String message = String.valueOf(deepest.getMessage());
        Matcher matcher = PLACE.matcher(message);
        if (!matcher.matches()) {
            return message;
        }
        String why = matcher.group(1);
        return (why.isEmpty() || why.contains("JsonReader") ? "" : why + " ") + place(message);
    }

    private static String place(String message) {
        Matcher matcher = PLACE.matcher(String.valueOf(message));
        return matcher.matches()
                ? "at line " + matcher.group(2) + ", column " + matcher.group(3) + ", path " + matcher.group(4)
                : "";
    }
}
