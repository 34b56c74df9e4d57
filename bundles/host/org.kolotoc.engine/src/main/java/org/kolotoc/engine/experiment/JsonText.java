package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.json.StrictJson;

/** JSON that a person wrote: one value and nothing after it, no field twice; says where it is none. */
final class JsonText {
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
            JsonElement root = StrictJson.parse(text);
            if (root.isJsonObject()) {
                return root.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw InputError.of(path + " is not JSON: " + e.getMessage(), "mend the file at that place", e);
        }
        throw InputError.of(
                path + " holds no JSON object; expected {\"schema\": \"" + Experiment.SCHEMA + "\", ...}",
                "./kolotoc schema shows every field");
    }

    private static String decoded(byte[] bytes, Path path, String what) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
        } catch (CharacterCodingException e) {
            int at = Math.min(rest.position(), bytes.length - 1);
            throw InputError.of(
                    path + " is not UTF-8 text: byte " + at + " is " + String.format(Locale.ROOT, "0x%02X", bytes[at])
                            + "; expected a JSON file: the " + what,
                    "save it as UTF-8, for example with: iconv -f <its encoding> -t utf-8",
                    e);
        }
    }
}
