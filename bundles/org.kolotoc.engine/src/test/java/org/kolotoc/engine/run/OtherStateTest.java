package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.TestFiles;

/** Going on with settings that a checkpoint was not made with. */
final class OtherStateTest {
    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void stoppedRun() throws IOException {
        console = new Console(folder);
        Console.Answer answer = console.run(
                Console.before(8),
                console.experiment().toString(),
                "--quiet",
                "--out",
                console.out("run").toString(),
                "--set",
                "model.layers=2");
        assertEquals(130, answer.code(), answer.err());
    }

    private Console.Answer resume(String... more) {
        String[] line = new String[more.length + 3];
        line[0] = "--resume";
        line[1] = console.out("run").toString();
        line[2] = "--quiet";
        System.arraycopy(more, 0, line, 3, more.length);
        return console.run(() -> false, line);
    }

    private void refused(Console.Answer answer, String wanted) throws IOException {
        assertEquals(2, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().contains(wanted), answer.err());
        assertEquals(
                8,
                Files.readAllLines(console.out("run").resolve("metrics.jsonl")).size(),
                "steps 0 to 7 stay");
    }

    @Test
    void moreLayersDoNotBeginAnewUnseen() throws IOException {
        refused(resume("--set", "model.layers=3"), "only the experiment has");
    }

    @Test
    void fewerLayersAreNotForgottenUnseen() throws IOException {
        refused(resume("--set", "model.layers=1"), "only the checkpoint has");
    }

    @Test
    void anotherWidthIsNamedWithBothShapes() throws IOException {
        refused(resume("--set", "model.width=16"), "is asked for");
    }

    /** Both texts have nine characters, so that every shape fits; only what the tokens stand for differs. */
    @Test
    void anotherTextOfAsManyCharactersIsRefused() throws IOException {
        Path first = Files.writeString(folder.resolve("first.txt"), "abc def.\n".repeat(60));
        Path second = Files.writeString(folder.resolve("second.txt"), "uvw xyz.\n".repeat(60));
        TestFiles.delete(console.out("run"));
        String data = "data={\"id\": \"text\", \"path\": \"%s\"}";
        Console.Answer stopped = console.run(
                Console.before(8),
                console.experiment().toString(),
                "--quiet",
                "--out",
                console.out("run").toString(),
                "--set",
                data.formatted(first));
        assertEquals(130, stopped.code(), stopped.err());
        refused(resume("--set", data.formatted(second)), "its tokens stand for other text");
        assertEquals(0, resume().code());
    }

    @Test
    void theSameSettingsGoOn() {
        assertEquals(0, resume().code());
    }
}
