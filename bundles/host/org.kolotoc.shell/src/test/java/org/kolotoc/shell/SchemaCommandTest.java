package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.engine.Engine;

final class SchemaCommandTest {
    private static final Path EXAMPLES = Path.of("../../../examples/experiments");

    private final SchemaCommand command =
            new SchemaCommand(FakeHost.standard().engine(), FakeHost.standard().terminal());

    private JsonObject schema(String format) {
        Printed printed = Printed.by(command, format);
        assertEquals(0, printed.code(), printed.err());
        return JsonParser.parseString(printed.out()).getAsJsonObject();
    }

    private static JsonObject example(String name) throws IOException {
        return JsonParser.parseString(Files.readString(EXAMPLES.resolve(name))).getAsJsonObject();
    }

    @ParameterizedTest
    @ValueSource(strings = {"first.json", "shakespeare.json"})
    void examplesKeepTheSchema(String name) throws IOException {
        assertEquals(List.of(), new Validator(schema("experiment")).faults(example(name)));
    }

    /** What the engine refuses, the schema refuses: a field, a JSON value it must not have. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model|layer|2",
                "model|layers|-1",
                "model|layers|\"two\"",
                "model|layers|1.5",
                "data|id|\"no-such-data\"",
                "samples|count|0",
                "samples|prompt|7",
            })
    void faultyExamplesDoNot(String object, String field, String value) throws IOException {
        JsonObject experiment = example("first.json");
        experiment.getAsJsonObject(object).add(field, JsonParser.parseString(value));
        assertFalse(new Validator(schema("experiment")).faults(experiment).isEmpty());
    }

    @Test
    void aMissingFieldAndAnotherVersionAreRefused() throws IOException {
        Validator validator = new Validator(schema("experiment"));
        JsonObject without = example("first.json");
        without.remove("data");
        assertFalse(validator.faults(without).isEmpty());
        JsonObject other = example("first.json");
        other.add("schema", new JsonPrimitive("kolotoc.experiment/2"));
        assertFalse(validator.faults(other).isEmpty());
    }

    @Test
    void everyFieldOfAPluginIsThereWithItsHelp() {
        String text = schema("experiment").toString();
        assertTrue(text.contains("attention heads; must divide the width"), text);
        assertTrue(text.contains("\"const\":\"template-world\""), text);
    }

    @Test
    void anUnknownFormatIsRefusedWithTheNearest() {
        Printed printed = Printed.by(command, "metric");
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("did you mean 'metrics'?"), printed.err());
        assertEquals("", printed.out());
    }

    @Test
    void allAreWritten(@TempDir Path folder) throws IOException {
        Printed printed = Printed.by(command, "--out", folder.resolve("new").toString());
        assertEquals(0, printed.code(), printed.err());
        for (String format : Engine.FORMATS) {
            String text = Files.readString(folder.resolve("new").resolve(format + ".schema.json"));
            assertEquals(
                    "kolotoc." + format + "/1",
                    JsonParser.parseString(text).getAsJsonObject().get("title").getAsString());
        }
    }

    @Test
    void nothingIsWrittenIntoARunThatHoldsALink(@TempDir Path folder) throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "mine");
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(run.resolve("experiment.json"), "{}");
        Files.createSymbolicLink(run.resolve("lock.schema.json"), outside);
        Printed printed = Printed.by(command, "--out", run.toString());
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("lock.schema.json is a link"), printed.err());
        assertEquals("mine", Files.readString(outside));
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Printed printed = Printed.by(command, "--out", file.toString());
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("is a file"), printed.err());
        assertEquals("mine", Files.readString(file));
    }
}
