package org.kolotoc.engine.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strict JSON, and its fields by type: what is wrong is told with its place. */
final class FieldsTest {
    private static Fields fields(String text) {
        return Fields.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{\"a\":1,\"a\":1}|the field 'a' is there twice, at line 1, column 11, path $.a",
                "{\"a\":{\"b\":[{\"c\":1,\"c\":2}]}}|'c' is there twice, at line 1, column 22, path $.a.b[0].c",
                "{a:1}|at line 1, column 3",
                "{'a':1}|at line 1, column 3",
                "{\"a\":1}{}|there is more after its end",
                "{\"a\":1} x|there is more after its end",
                "{\"a\":1,}|at line 1, column 9",
                "{\"a\":01}|at line 1, column 6, path $.a",
                "{\"a\":NaN}|path $.a",
                "{\"a\":TRUE}|path $.a",
                "{\"a\":1|End of input",
                "{\"a\":1e400}|the number 1e400 is beyond what is computed with, at line 1, column 6, path $.a",
                "{\"a\":1e-99999}|the number 1e-99999 is beyond",
                "[1]|$ is [1]; expected an object",
                "null|$ is null; expected an object",
            })
    void whatIsNoJsonIsRefusedWithItsPlace(String text, String said) {
        String message =
                assertThrows(JsonParseException.class, () -> fields(text)).getMessage();
        assertTrue(message.contains(said), message);
        assertTrue(!message.contains("Exception") && !message.contains("gson"), message);
    }

    @Test
    void endlessNestingEndsInAMessage() {
        for (String deep : List.of("[".repeat(1_000_000), "{\"a\":".repeat(1_000_000))) {
            String message =
                    assertThrows(JsonParseException.class, () -> fields(deep)).getMessage();
            assertTrue(message.contains("Nesting limit") && message.length() < 200, message);
        }
    }

    private interface Asked {
        Object of(Fields fields);
    }

    @Test
    void everyTypeIsThatTypeAlone() {
        Fields all = fields("""
            {"text": "1", "flag": true, "whole": 7, "less": -7, "half": 1.5, "much": 9223372036854775808, "none": null,
             "list": [1], "object": {}, "objects": [{}], "nan": "NaN", "whole1": 1.0}\
            """);
        record Type(Asked asked, List<String> fitting) {}
        for (String name : all.names()) {
            for (Type type : List.of(
                    new Type(fields -> fields.text(name), List.of("text", "nan")),
                    new Type(fields -> fields.flag(name), List.of("flag")),
                    new Type(fields -> fields.whole(name), List.of("whole", "less")),
                    new Type(fields -> fields.count(name), List.of("whole")),
                    new Type(fields -> fields.counts(name), List.of("list")),
                    new Type(fields -> fields.number(name), List.of("whole", "less", "half", "much", "nan", "whole1")),
                    new Type(fields -> fields.object(name), List.of("object")),
                    new Type(fields -> fields.objects(name), List.of("objects")))) {
                if (type.fitting().contains(name)) {
                    type.asked().of(all);
                } else {
                    String message = assertThrows(
                                    JsonParseException.class, () -> type.asked().of(all), name)
                            .getMessage();
                    assertTrue(message.startsWith("$." + name) && message.contains("; expected "), message);
                }
            }
        }
        assertEquals(
                "$.list[0] is 1; expected an object",
                assertThrows(JsonParseException.class, () -> all.objects("list"))
                        .getMessage());
        assertEquals(
                "$.missing is missing; expected a text in quotes",
                assertThrows(JsonParseException.class, () -> all.text("missing"))
                        .getMessage());
        assertEquals(
                "$.a.b is missing; expected true or false",
                assertThrows(
                                JsonParseException.class,
                                () -> fields("{\"a\": {}}").object("a").flag("b"))
                        .getMessage());
    }

    @Test
    void aFileOfAnySizeTakesBoundedMemory(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.json");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8L << 30);
        }
        assertTrue(assertThrows(JsonParseException.class, () -> Fields.read(file))
                .getMessage()
                .contains("it has more than"));
        Files.write(file, new byte[] {'{', (byte) 0xC3, '}'});
        assertTrue(assertThrows(JsonParseException.class, () -> Fields.read(file))
                .getMessage()
                .contains("no UTF-8"));
    }
}
