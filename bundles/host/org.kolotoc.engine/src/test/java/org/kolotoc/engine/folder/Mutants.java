package org.kolotoc.engine.folder;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JSON text with each of its values replaced by what it is not, one at a time. */
final class Mutants {
    private static final String MARK = "@mutant@";

    private static final List<String> INSTEAD = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "9223372036854775808",
            "1e99999",
            "-1e-99999",
            "1" + "0".repeat(400),
            "\"\"",
            "\"other\"",
            "\"1\"",
            "\"NaN\"",
            "[]",
            "[{}]",
            "{}",
            "{\"a\": [1]}",
            "[".repeat(2000) + "]".repeat(2000));

    private final List<String> texts = new ArrayList<>();
    private final JsonElement root;

    private Mutants(JsonElement root) {
        this.root = root;
    }

    /** All of them, as texts; also some that are no JSON. */
    static List<String> of(String json) {
        Mutants mutants = new Mutants(JsonParser.parseString(json));
        INSTEAD.forEach(mutants.texts::add);
        mutants.inside(mutants.root);
        String text = mutants.root.toString();
        mutants.texts.addAll(List.of("", text.substring(0, text.length() / 2), text + "}", text + text, "\u0000"));
        return mutants.texts;
    }

    private void inside(JsonElement parent) {
        if (parent instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> entry : List.copyOf(object.entrySet())) {
                String name = entry.getKey();
                JsonElement value = entry.getValue();
                object.add(name, new JsonPrimitive(MARK));
                replaced(value + "," + new JsonPrimitive(name) + ":" + value);
                INSTEAD.forEach(this::replaced);
                object.remove(name);
                texts.add(root.toString());
                object.add(name, value);
                inside(value);
            }
        } else if (parent instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                JsonElement value = array.get(i);
                array.set(i, new JsonPrimitive(MARK));
                replaced(value + "," + value);
                INSTEAD.forEach(this::replaced);
                array.set(i, value);
                inside(value);
            }
        }
    }

    private void replaced(String instead) {
        texts.add(root.toString().replace("\"" + MARK + "\"", instead));
    }
}
