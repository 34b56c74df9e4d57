package org.kolotoc.engine.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.run.Console;

/** A run folder belongs to one process at a time. */
final class InUseTest {
    @TempDir
    Path folder;

    private Console console;
    private Path run;

    @BeforeEach
    void stoppedRun() throws IOException {
        console = new Console(folder);
        run = console.out("run");
        Console.Answer stopped =
                console.run(Console.before(3), console.experiment().toString(), "--quiet", "--out", run.toString());
        assertEquals(130, stopped.code(), stopped.err());
    }

    private Console.Answer resume() {
        return console.run(() -> false, "--quiet", "--resume", run.toString());
    }

    private void refused(Console.Answer answer, long process) {
        assertEquals(2, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().contains(run + " is in use by process " + process), answer.err());
        assertTrue(answer.err().contains("do: wait"), answer.err());
    }

    @Test
    void aSecondResumeInThisProcessIsRefusedAndTouchesNothing() throws IOException {
        byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
        long me = ProcessHandle.current().pid();
        try (InUse _ = InUse.take(run)) {
            refused(resume(), me);
            refused(resume(), me);
            assertArrayEquals(metrics, Files.readAllBytes(run.resolve("metrics.jsonl")));
        }
        assertEquals(0, resume().code(), "released when the first is through");
    }

    @Test
    void aSecondResumeWhileTheFirstTrainsIsRefused() {
        Console.Answer[] second = new Console.Answer[1];
        Console.Answer first = console.run(
                () -> {
                    if (second[0] == null) {
                        second[0] = resume();
                    }
                    return false;
                },
                "--resume",
                run.toString());
        refused(second[0], ProcessHandle.current().pid());
        assertEquals(0, first.code(), first.err());
    }

    @Test
    void anotherProcessKeepsItUntilItIsKilled() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        InUseTest.class.getName(),
                        run.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = other.inputReader()) {
            assertEquals("held", said.readLine());
            refused(resume(), other.pid());
            other.destroyForcibly().waitFor();
            assertEquals(0, resume().code(), "a killed process holds nothing");
        } finally {
            other.destroyForcibly();
        }
    }

    /** The other process. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InUse held = InUse.take(Path.of(arguments[0]));
        System.out.println("held");
        Thread.sleep(60_000);
        held.close();
    }

    @Test
    void aFolderLeftWithNothingButTheLockTakesANewRun() throws IOException {
        Path left = Files.createDirectories(console.out("left"));
        InUse.take(left).close();
        assertEquals(0, console.small("left", "--quiet").code());
        Path mine = Files.createDirectories(console.out("mine"));
        Files.writeString(mine.resolve("notes.txt"), "precious");
        assertEquals(2, console.small("mine", "--quiet").code());
        assertTrue(Files.notExists(mine.resolve(InUse.FILE)), "nothing is put into a folder that is refused");
        assertThrows(InputError.class, () -> {
            try (InUse _ = InUse.take(left);
                    InUse _ = InUse.take(left.resolve("../left"))) {
                throw new IllegalStateException("held twice");
            }
        });
    }
}
