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

/** Going on where somebody rewrote {@code experiment.json}: the checkpoint itself tells that it is of another model. */
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

    private Console.Answer resume() {
        return console.run(() -> false, "--resume", console.out("run").toString(), "--quiet");
    }

    private void rewrite(String part, String instead) throws IOException {
        Path experiment = console.out("run").resolve("experiment.json");
        String json = Files.readString(experiment);
        assertTrue(json.contains(part), json);
        Files.writeString(experiment, json.replace(part, instead));
    }

    private void refused(Console.Answer answer, String wanted) throws IOException {
        assertEquals(2, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().contains(wanted), answer.err());
        assertEquals(7, Console.steps(console.out("run")).size(), "steps 1 to 7 stay");
    }

    @Test
    void moreLayersDoNotBeginAnewUnseen() throws IOException {
        rewrite("\"layers\": 2", "\"layers\": 3");
        refused(resume(), "only the experiment has");
    }

    @Test
    void fewerLayersAreNotForgottenUnseen() throws IOException {
        rewrite("\"layers\": 2", "\"layers\": 1");
        refused(resume(), "only the checkpoint has");
    }

    @Test
    void anotherWidthIsNamedWithBothShapes() throws IOException {
        rewrite("\"width\": 8", "\"width\": 16");
        refused(resume(), "is asked for");
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
        rewrite(first.toString(), second.toString());
        Path lock = console.out("run").resolve("lock.json");
        String noted = Files.readString(lock);
        // As an earlier version wrote it, which left out files that were given by a path of their own.
        Files.writeString(
                lock,
                noted.replaceFirst("(?s)\"data\": \\{.*?}\\s*}", "\"data\": {}").replace("experimentFolder", "before"));
        refused(resume(), "its tokens stand for other text");
        Files.writeString(lock, noted);
        rewrite(second.toString(), first.toString());
        assertEquals(0, resume().code());
    }

    @Test
    void theSameSettingsGoOn() {
        assertEquals(0, resume().code());
    }
}
