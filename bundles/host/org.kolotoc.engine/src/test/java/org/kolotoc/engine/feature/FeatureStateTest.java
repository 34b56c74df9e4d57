package org.kolotoc.engine.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.json.Fields;

final class FeatureStateTest {
    @TempDir
    Path folder;

    private static FeatureState state(int number) {
        return new FeatureState(
                number,
                "install hello 1.0.0",
                "2026-01-01T00:00:00Z",
                List.of(new FeatureState.Feature(
                        "hello",
                        "1.0.0",
                        "there",
                        List.of(new FeatureState.Jar("a.hello", "1.2.3", "ab", "a.hello-1.2.3-ab.jar")))));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        byte[] text = state(3).json().toString().getBytes(StandardCharsets.UTF_8);
        assertEquals(state(3), FeatureState.of(Fields.of(text)));
        byte[] newer = new String(text, StandardCharsets.UTF_8)
                .replace("features/1", "features/2")
                .getBytes(StandardCharsets.UTF_8);
        assertThrows(JsonParseException.class, () -> FeatureState.of(Fields.of(newer)));
    }

    /** Every field has its line in the schema, and each that the schema requires is written. */
    @Test
    void theSchemaHasTheSameFields() throws IOException {
        try (InputStream resource = Engine.class.getResourceAsStream("schema/features.json")) {
            JsonObject schema = JsonParser.parseString(new String(resource.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            same(schema, state(1).json());
        }
        assertTrue(Engine.FORMATS.contains("features"));
    }

    private static void same(JsonObject schema, JsonObject json) {
        JsonObject properties = schema.getAsJsonObject("properties");
        assertEquals(properties.keySet(), json.keySet());
        JsonArray required = new JsonArray();
        json.keySet().forEach(required::add);
        assertEquals(required, schema.getAsJsonArray("required"));
        for (String name : json.keySet()) {
            JsonElement value = json.get(name);
            if (value.isJsonArray()) {
                same(
                        properties.getAsJsonObject(name).getAsJsonObject("items"),
                        value.getAsJsonArray().get(0).getAsJsonObject());
            }
        }
    }

    @Test
    void aStateThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        FeatureStates states = new FeatureStates(folder.resolve("installed"));
        assertEquals(FeatureState.none(), states.current());
        Files.createDirectories(folder.resolve("installed"));
        states.write(state(1));
        assertEquals(state(1), states.current());
        assertEquals(List.of(0, 1), states.numbers());
        String message = assertThrows(InputError.class, () -> states.state(4)).getMessage();
        assertTrue(message.contains("there is no state 4 (there is 0, 1)"), message);
        Files.writeString(folder.resolve("installed/state-1.json"), "{");
        assertTrue(assertThrows(InputError.class, states::current).getMessage().contains("state-1.json can't be read"));
    }

    private static FeatureState holding(int number, String... files) {
        return new FeatureState(
                number,
                "did",
                "2026-01-01T00:00:00Z",
                List.of(new FeatureState.Feature(
                        "hello",
                        "1.0.0",
                        "there",
                        Stream.of(files)
                                .map(file -> new FeatureState.Jar("a.hello", "1.2.3", "ab", file))
                                .toList())));
    }

    private static List<String> jars(FeatureStates states) throws IOException {
        try (Stream<Path> files = Files.list(states.jars())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void jarsThatNoStateNamesGoAndStatesCanBeForgotten() throws IOException {
        FeatureStates states = new FeatureStates(folder);
        Files.createDirectories(states.jars());
        for (String file : List.of("a.jar", "b.jar", "c.jar", "d.jar", "cut-short.jar")) {
            Files.writeString(states.jars().resolve(file), file);
        }
        for (FeatureState state :
                List.of(holding(1, "a.jar"), holding(2, "a.jar", "b.jar"), holding(3, "c.jar"), holding(4, "d.jar"))) {
            states.write(state);
        }
        states.sweep();
        assertEquals(List.of("a.jar", "b.jar", "c.jar", "d.jar"), jars(states), "all can be gone back to");
        states.forget(2);
        assertEquals(List.of(0, 2, 3, 4), states.numbers());
        assertEquals(List.of("a.jar", "b.jar", "c.jar", "d.jar"), jars(states));
        states.forget(0);
        assertEquals(List.of(0, 4), states.numbers(), "the one that holds stays");
        assertEquals(List.of("d.jar"), jars(states));
        Files.writeString(folder.resolve("state-4.json"), "{");
        Files.writeString(states.jars().resolve("e.jar"), "e");
        assertThrows(InputError.class, states::sweep);
        assertEquals(List.of("d.jar", "e.jar"), jars(states), "what can't be told is kept");
    }
}
