package org.kolotoc.engine.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.kolotoc.api.InputError;
import org.kolotoc.api.file.Utf8;
import org.kolotoc.engine.json.StrictJson;

/** JSON that a person wrote: one value and nothing after it, no field twice; says where it is none. */
public final class JsonText {
    private JsonText() {}

    /**
     * The object in a file.
     *
     * @param what the file is, for messages: experiment
     * @throws InputError when it is not there, is no UTF-8 or no JSON object; says where
     */
    public static JsonObject read(Path path, String what) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (IOException e) {
            throw InputError.of(
                    "the " + what + " " + path + " can't be read"
                            + (Files.exists(path) ? ": " + e.getMessage() : ": there is no such file"),
                    switch (what) {
                        case "experiment" ->
                            "give the path of an experiment: ./kolotoc run examples/experiments/first.json";
                        case "comparison" ->
                            "give the path of a comparison: ./kolotoc compare"
                                    + " examples/comparisons/gan-vs-diffusion.json";
                        default -> "name a file that is there, seen from the experiment's folder";
                    },
                    e);
        }
        String text = Utf8.text(bytes, stray -> stray.in(path.toString()));
        try {
            JsonElement root = StrictJson.parse(text);
            if (root.isJsonObject()) {
                return root.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw InputError.of(
                    path + " is not JSON: " + e.getMessage(),
                    "mend the file at that place: JSON has texts and names in double quotes, a comma between two"
                            + " values alone, no comments",
                    e);
        }
        throw InputError.of(
                path + " holds no JSON object; expected {\"schema\": ..., ...}", "./kolotoc schema shows every field");
    }
}
