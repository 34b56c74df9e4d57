package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What could be passed over in silence is refused: half a file, options without effect, names that lead elsewhere. */
final class StrictInputTest {
    private static final String NAME = "\"name\": \"small\"";

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
    }

    private void refused(Console.Answer answer, String... wanted) {
        assertEquals(2, answer.code(), answer.out() + answer.err());
        for (String part : wanted) {
            assertTrue(answer.err().contains(part), "expected «" + part + "» in\n" + answer.err());
        }
        for (String word : List.of("Exception", "JsonReader", "Strictness", "http", "\tat ")) {
            assertFalse(answer.err().contains(word), "«" + word + "» in\n" + answer.err());
        }
    }

    private Console.Answer run(String... more) {
        String[] line = Stream.concat(Stream.of(console.experiment().toString(), "--quiet"), Stream.of(more))
                .toArray(String[]::new);
        return console.run(() -> false, line);
    }

    private Console.Answer named(String json) throws IOException {
        console.write(Console.SMALL.replace(NAME, "\"name\": " + json));
        return run();
    }

    @Test
    void aNameThatIsNoFoldersIsRefused() throws IOException {
        List<String> bad = List.of(
                "",
                "../../evil",
                "..",
                ".hidden",
                "a/b",
                "a\\\\b",
                "a\\u0000b",
                "a\\nb",
                "a\\u0007b",
                " ",
                "a:b",
                "é".repeat(101));
        for (String name : bad) {
            refused(named("\"" + name + "\""), "$.name", "expected 1 to 100 letters");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertEquals(List.of(folder, console.experiment()), files.toList(), "nothing was made anywhere");
        }
    }

    @Test
    void aNameOfAnyScriptIsAFolder() throws IOException {
        for (String name : List.of("Žluťoučký kůň 2.0", "हिन्दी", "小さい_模型", "a-b", "ř".repeat(100))) {
            Console.Answer answer = named("\"" + name + "\"");
            assertEquals(0, answer.code(), answer.err());
            try (Stream<Path> runs = Files.list(folder.resolve("project/runs"))) {
                assertTrue(
                        runs.anyMatch(run -> run.getFileName().toString().startsWith(name + "-3-")),
                        "a folder " + name);
            }
        }
    }

    @Test
    void withoutANameTheFilesIsTaken() throws IOException {
        Path odd = folder.resolve("..mine (2).json");
        Files.writeString(odd, Console.SMALL.replace(NAME + ",", ""));
        assertEquals(0, console.run(() -> false, odd.toString(), "--quiet").code());
        try (Stream<Path> runs = Files.list(folder.resolve("project/runs"))) {
            assertTrue(runs.allMatch(run -> run.getFileName().toString().startsWith("mine -2--3-")));
        }
    }

    @Test
    void moreAfterTheEndIsRefused() throws IOException {
        for (String tail : List.of("garbage", "}", "{}", "1", ",")) {
            console.write(Console.SMALL + tail);
            refused(run(), "small.json is not JSON", "there is more after its end", "at line 15, column");
        }
        console.write(Console.SMALL + " \n\n ");
        assertEquals(0, run().code(), "space is nothing");
        refused(run("--set", "phases.0.steps=12 13"), "$.phases[0].steps", "12 13");
    }

    @Test
    void syntaxErrorsGiveThePlaceAlone() throws IOException {
        console.write(Console.SMALL.replace("\"seed\": 3", "\"seed\": 03"));
        refused(run(), "small.json is not JSON: at line 4, column", "path $.seed");
        console.write("{\"schema\": ");
        refused(run(), "small.json is not JSON: ", "line 1, column");
        console.write("{'schema': 1}");
        refused(run(), "small.json is not JSON: at line 1, column");
    }

    @Test
    void otherEncodingsAreNamedByTheirFirstByte() throws IOException {
        Files.write(
                console.experiment(),
                Console.SMALL.replace(NAME, "\"name\": \"pěkný\"").getBytes("ISO-8859-2"));
        int at = Console.SMALL.indexOf("small") + 1;
        refused(run(), "small.json, line 3, column ", ": is no UTF-8: byte " + at + " is 0xEC", "do: convert it");
        Files.write(console.experiment(), Console.SMALL.getBytes(StandardCharsets.UTF_16));
        refused(run(), "byte 0 is 0xFE");
    }

    @Test
    void theSameMetricTwiceIsRefused() throws IOException {
        console.write(Console.SMALL.replace("{\"id\": \"longest-copy\"}", "{\"id\": \"word-rate\"}"));
        refused(run(), "$.metrics[1]", "word-rate", "$.metrics[0]");
    }

    @Test
    void aFolderOfDataThatIsNoneIsRefused() {
        refused(run("--data", folder.resolve("none").toString()), "--data " + folder.resolve("none"), "no such folder");
        refused(run("--data", console.experiment().toString()), "--data", "that is no folder");
    }
}
