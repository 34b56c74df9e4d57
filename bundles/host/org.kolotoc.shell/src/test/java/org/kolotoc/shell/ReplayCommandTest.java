package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told of a replay. */
final class ReplayCommandTest {
    @TempDir
    Path temporary;

    private final FakeHost host = FakeHost.standard();
    private Path run;

    @BeforeEach
    void train() throws IOException {
        run = temporary.resolve("run");
        Path experiment = Files.writeString(temporary.resolve("tiny.json"), """
            {
              "schema": "kolotoc.experiment/1", "name": "tiny", "backend": "reference",
              "data": {"id": "template-world", "characters": 2000}, "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
              "phases": [{"id": "pretrain", "steps": 3, "batch": 2, "warmup": 1}], "checkpointEvery": 2
            }
            """);
        Printed trained = Printed.by(
                new RunCommand(host.engine(), host.terminal(), () -> false),
                experiment.toString(),
                "--out",
                run.toString(),
                "--quiet");
        assertEquals(0, trained.code(), trained.err());
    }

    private Printed replay(String... more) {
        String[] line = new String[more.length + 1];
        line[0] = run.toString();
        System.arraycopy(more, 0, line, 1, more.length);
        return Printed.by(new ReplayCommand(host.engine(), host.terminal(), () -> false), line);
    }

    @Test
    void equalStepsAreSaidToBeEqual() {
        Printed printed = replay("--quiet");
        assertEquals("took the steps 3 to 3 again: equal up to step 3\n", printed.out(), printed.err());
        assertEquals(0, printed.code());
    }

    @Test
    void jsonHasTheHashOfEachTensorAfterEachStepThatIsAskedFor() {
        Printed printed = replay("--from", "0", "--every", "1", "--json");
        JsonObject json = JsonParser.parseString(printed.out()).getAsJsonObject();
        assertEquals(3, json.get("equalUpTo").getAsInt());
        assertEquals(3, json.getAsJsonArray("states").size());
        JsonObject second = json.getAsJsonArray("states").get(1).getAsJsonObject();
        assertEquals(2, second.get("step").getAsInt());
        assertTrue(
                second.getAsJsonObject("hashes")
                        .get("tensor model/token.weight")
                        .getAsString()
                        .matches("[0-9a-f]{64}"),
                printed.out());
    }

    @Test
    void theFirstDifferenceIsNamedWithBothValues() throws IOException {
        Path file = run.resolve("experiment.json");
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{\"seed\": 2,"));
        Printed printed = replay("--from", "0", "--quiet");
        assertEquals(1, printed.code(), printed.err());
        assertTrue(
                printed.out().startsWith("took the steps 1 to 2 again: from the first on they differ\nmeasure "),
                printed.out());
        assertTrue(
                printed.out()
                        .matches("(?s).* differs after step 1\n  recorded [^\n]+\n  replayed .*tensor .* differs"
                                + " after step 2\n  recorded [0-9a-f]{64}\n  replayed [0-9a-f]{64}\n"),
                printed.out());
    }

    @Test
    void badInputIsTwo() {
        assertEquals(2, replay("--to", "99").code());
        assertEquals(2, replay("--from", "1").code());
    }
}
