package org.kolotoc.engine.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.TestFiles;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.FailingDisk;

/** A run's folder: what it says of a run that ended badly, and what happens to it while the run goes on. */
final class RunFolderTest {
    @TempDir
    Path folder;

    private Console console;
    private Path run;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        run = console.out("run");
    }

    private Console.Answer begin(BooleanSupplier stop) {
        return console.run(stop, console.experiment().toString(), "--out", run.toString(), "--quiet");
    }

    private Console.Answer resume(String... more) {
        String[] line = java.util.Arrays.copyOf(more, more.length + 3);
        line[more.length] = "--resume";
        line[more.length + 1] = run.toString();
        line[more.length + 2] = "--quiet";
        return console.run(() -> false, line);
    }

    private static JsonObject status(Path run) throws IOException {
        return JsonParser.parseString(Files.readString(run.resolve("run.json"))).getAsJsonObject();
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Does something before step n. */
    private static BooleanSupplier before(int n, Work work) {
        int[] asked = new int[1];
        return Console.betweenSteps(() -> {
            try {
                if (++asked[0] == n) {
                    work.run();
                }
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void says(String state, long step, String reason) throws IOException {
        JsonObject status = status(run);
        assertEquals(state, status.get("status").getAsString(), status.toString());
        assertEquals(step, status.get("step").getAsLong(), status.toString());
        assertEquals(reason.isEmpty(), !status.has("reason"), status.toString());
        if (!reason.isEmpty()) {
            String said = status.get("reason").getAsString();
            assertTrue(said.contains(reason) && said.lines().count() == 1, said);
        }
    }

    @Test
    void aFailureIsNotedWithItsReasonAndStep() throws IOException {
        Console.Answer answer = begin(before(4, () -> {
            throw new IllegalStateException("out of luck\nand of words");
        }));
        assertEquals(3, answer.code());
        says("failed", 3, "java.lang.IllegalStateException: out of luck");

        TestFiles.delete(run);
        answer = begin(before(3, () -> {
            throw new OutOfMemoryError("heap");
        }));
        says("failed", 2, "java.lang.OutOfMemoryError: heap");

        TestFiles.delete(run);
        answer = begin(before(3, () -> Files.writeString(run.resolve("samples/step-00000004"), "in the way")));
        assertEquals(2, answer.code());
        says("failed", 4, "can't be written: ");

        TestFiles.delete(run);
        answer = begin(before(6, () -> Files.createDirectories(run.resolve("verdict.json/full"))));
        assertEquals(2, answer.code());
        says("failed", 12, "can't be written: ");
        TestFiles.delete(run.resolve("verdict.json"));
        assertEquals(0, resume().code());
        says("finished", 12, "");
    }

    @Test
    void aFailureAfterTheVerdictIsNotTheRuns() throws IOException {
        Console.Answer answer = begin(before(6, () -> Files.createDirectories(run.resolve("report.html/full"))));
        assertEquals(2, answer.code());
        says("finished", 12, "");
    }

    /** A run that was refused before it began leaves what was said of it. */
    @Test
    void whatIsRefusedChangesNothing() throws IOException {
        begin(Console.before(4));
        says("stopped", 3, "");
        assertEquals(2, resume("--memory", "10k").code());
        says("stopped", 3, "");
    }

    /** As {@code kill -9} leaves it; whoever looks next notes it. */
    @Test
    void theEndOfAKilledProcessIsNotedByWhoLooksNext() throws IOException {
        begin(Console.before(6));
        Path file = run.resolve("run.json");
        String killed = Files.readString(file).replace("stopped", "running").replace("\"step\": 5", "\"step\": 0");
        Files.writeString(file, killed);
        try (InUse _ = InUse.take(run)) {
            RunFolder.look(run);
            assertEquals(killed, Files.readString(file), "somebody holds it: it runs");
        }
        RunFolder.look(run);
        says("failed", 5, "the process ended without saying why (killed?)");
        assertTrue(status(run).has("devices"), "what else it says stays");

        Files.writeString(file, killed);
        Console.Answer refused = resume("--memory", "10k");
        assertEquals(2, refused.code());
        says("failed", 5, "killed");
        assertEquals(0, resume().code());
        says("finished", 12, "");
        String finished = Files.readString(file);
        RunFolder.look(run);
        assertEquals(finished, Files.readString(file));
    }

    @Test
    void aFolderThatIsTakenAwayEndsTheRun() throws IOException {
        Path away = folder.resolve("elsewhere");
        Console.Answer moved = begin(before(8, () -> Files.move(run, away)));
        assertEquals(2, moved.code(), moved.out() + moved.err());
        assertTrue(moved.err().contains("the run folder " + run + " was moved while the run went on"), moved.err());
        assertTrue(moved.err().contains("./kolotoc run --resume " + away.toRealPath()), moved.err());
        assertFalse(Files.exists(run), "it is not made again");
        assertEquals(
                0,
                console.run(() -> false, "--resume", away.toString(), "--quiet").code(),
                "the command it names works");

        Console.Answer removed = begin(before(8, () -> TestFiles.delete(run)));
        assertEquals(2, removed.code());
        assertTrue(removed.err().contains("the run folder " + run + " was removed while"), removed.err());
        assertFalse(Files.exists(run), "it is not made again");

        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("process.lock"), "mine");
        Console.Answer replaced = begin(before(4, () -> {
            Files.move(run, folder.resolve("first"));
            Files.move(other, run);
        }));
        assertEquals(2, replaced.code());
        assertTrue(
                replaced.err().contains("the run folder " + run + " was moved or its process.lock replaced"),
                replaced.err());
        assertEquals(List.of("process.lock"), TestFiles.names(run), "nothing is put into what is somebody else's");
        assertEquals("mine", Files.readString(run.resolve("process.lock")));
    }

    /** Long before the next checkpoint. */
    @Test
    void thatItIsTakenAwayIsNoticedWithinSeconds() throws IOException {
        console.write(Console.SMALL
                .replace("\"steps\": 12", "\"steps\": 100000")
                .replaceFirst(" *\"samples\".*\n", "")
                .replaceFirst("\"metrics\".*", "\"controls\": false")
                .replace("\"checkpointEvery\": 5", "\"checkpointEvery\": 0"));
        BooleanSupplier moving = before(8, () -> Files.move(run, folder.resolve("elsewhere")));
        long patience = System.nanoTime() + 30_000_000_000L;
        Console.Answer moved = begin(() -> {
            if (System.nanoTime() > patience) {
                throw new IllegalStateException("nobody noticed");
            }
            return moving.getAsBoolean();
        });
        assertEquals(2, moved.code(), moved.out() + moved.err());
        assertTrue(moved.err().contains("has no checkpoint yet; begin a new run: ./kolotoc run "), moved.err());
    }

    /** What each message tells to type works. */
    @Test
    void beforeTheFirstCheckpointTheAdviceGoesSomewhere() throws IOException {
        begin(before(2, () -> {
            throw new IllegalStateException("too early");
        }));
        assertEquals(List.of(), TestFiles.names(run.resolve("checkpoints")));
        String next = "./kolotoc run " + run.resolve("experiment.json");
        Console.Answer resumed = resume();
        assertEquals(2, resumed.code());
        assertTrue(
                resumed.err().contains("has no checkpoint yet") && resumed.err().contains(next), resumed.err());
        Console.Answer again = begin(() -> false);
        assertEquals(2, again.code());
        assertFalse(again.err().contains("--resume"), again.err());
        assertTrue(again.err().contains("give another folder: --out <folder>"), again.err());
        assertEquals(
                0,
                console.run(() -> false, run.resolve("experiment.json").toString(), "--quiet")
                        .code());
        Files.createDirectories(run.resolve("checkpoints/step-00000003.part"));
        assertTrue(resume().err().contains("has no checkpoint yet"), "what is half-written is none");
    }

    /** Going on and being stopped at once touches no byte of what it would write again. */
    @Test
    void whatIsSavedAlreadyStaysAsItLies() throws IOException {
        begin(Console.before(4));
        Path checkpoint = run.resolve("checkpoints/step-00000003");
        Object lies = identity(checkpoint);
        Console.Answer answer = console.run(Console.before(1), "--resume", run.toString());
        assertEquals(130, answer.code(), answer.err());
        assertEquals(lies, identity(checkpoint));
        assertEquals(List.of("step-00000003"), TestFiles.names(run.resolve("checkpoints")));
    }

    private static List<Object> identity(Path checkpoint) throws IOException {
        List<Object> identity = new ArrayList<>();
        for (String file : List.of(".", "state.safetensors", "checkpoint.json")) {
            BasicFileAttributes attributes = Files.readAttributes(checkpoint.resolve(file), BasicFileAttributes.class);
            identity.add(attributes.fileKey());
            identity.add(attributes.lastModifiedTime());
        }
        return identity;
    }

    /** What can't be used is let go again. */
    @Test
    void aFolderThatIsRefusedIsNotHeld() throws IOException {
        begin(Console.before(4));
        Path file = run.resolve("run.json");
        String status = Files.readString(file);
        Files.writeString(file, status.replace("\"stopped\"", "\"asleep\""));
        Console.Answer answer = resume();
        assertEquals(2, answer.code());
        assertTrue(
                answer.err()
                        .contains(file + ": $.status is \"asleep\"; expected one of running, stopped, finished, failed,"
                                + " diverged"),
                answer.err());
        for (int n = 1; n < 9; n++) {
            int failing = n;
            assertThrows(InputError.class, () -> {
                try (RunFolder folder = RunFolder.existing(run, FailingDisk.at(failing, FailingDisk.Mode.KILLED))) {
                    throw new AssertionError("held " + folder.path());
                }
            });
        }
        Files.writeString(file, status);
        assertEquals(0, resume().code());
    }

    @Test
    void aStopBeforeTheFirstStepIsSavedToo() throws IOException {
        assertEquals(130, begin(Console.before(1)).code());
        assertEquals(List.of("step-00000000"), TestFiles.names(run.resolve("checkpoints")));
        says("stopped", 0, "");
        assertEquals(0, resume().code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fa-IR", "tr-TR", "th-TH-u-ca-buddhist-nu-thai"})
    void namesAreTheSameInEveryLocale(String tag) throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(tag));
            assertEquals(130, begin(Console.before(7)).code());
            assertEquals(0, resume("--from", "5").code());
            assertEquals(
                    0,
                    console.run(() -> false, console.experiment().toString(), "--quiet")
                            .code());
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(
                List.of("step-00000005", "step-00000010", "step-00000012"),
                TestFiles.names(run.resolve("checkpoints")));
        assertEquals(
                List.of("step-00000000", "step-00000004", "step-00000012"), TestFiles.names(run.resolve("samples")));
        for (Path named : List.of(run.resolve("superseded"), folder.resolve("project/runs"))) {
            String name = TestFiles.names(named).getFirst();
            assertTrue(name.matches("(small-3-)?20[0-9]{6}-[0-9]{6}"), name);
        }
        assertTrue(Files.readString(run.resolve("metrics.jsonl")).matches("\\p{ASCII}+"));
        says("finished", 12, "");
    }

    /** Killed while later checkpoints are set aside: what is left goes on, with all that belongs to it. */
    @Test
    void settingAsideMayEndAnywhere() throws IOException {
        assertEquals(0, begin(() -> false).code());
        Path whole = folder.resolve("whole");
        Files.move(run, whole);
        for (FailingDisk.Mode mode : List.of(FailingDisk.Mode.AFTER, FailingDisk.Mode.KILLED)) {
            for (int n = 1; ; n++) {
                copy(whole, run);
                FailingDisk disk = FailingDisk.at(n, mode);
                try (RunFolder held = RunFolder.existing(run, disk)) {
                    held.supersede(5, true, true);
                } catch (IOException _) {
                    // what is left is what counts
                }
                String when = mode + " at " + disk.asked();
                int kept = TestFiles.names(run.resolve("checkpoints")).size();
                int aside = 0;
                for (String time : TestFiles.names(run.resolve("superseded"))) {
                    aside += TestFiles.names(
                                    run.resolve("superseded").resolve(time).resolve("checkpoints"))
                            .size();
                }
                assertEquals(3, kept + aside, when);
                assertEquals(
                        Files.size(whole.resolve("metrics.jsonl")), Files.size(run.resolve("metrics.jsonl")), when);
                try (RunFolder held = RunFolder.existing(run, Disk.SYSTEM)) {
                    held.supersede(5, true, true);
                    assertEquals(List.of("step-00000005"), TestFiles.names(run.resolve("checkpoints")), when);
                }
                TestFiles.delete(run);
                if (!disk.failed()) {
                    assertTrue(n > 8, "changes that were made to fail: " + n);
                    break;
                }
            }
        }
    }

    /** What was read on a course that is left is none of the run's. */
    @Test
    void whatProbesReadLaterIsSetAside() throws IOException {
        assertEquals(0, begin(() -> false).code());
        String reading = "{\"step\":%d,\"phase\":\"p\",\"probe\":\"memory\",\"program\":\"t\",\"run\":1,\"values\":{},"
                + "\"pictures\":[]}\n";
        String all = reading.formatted(5) + reading.formatted(6);
        Files.writeString(run.resolve(ProbesLog.FILE), all);
        try (RunFolder held = RunFolder.existing(run, Disk.SYSTEM)) {
            held.supersede(5, true, true);
        }
        List<Long> left = new ArrayList<>();
        ProbesLog.read(run, line -> left.add(line.step()));
        assertEquals(List.of(5L), left);
        Path aside = run.resolve("superseded")
                .resolve(TestFiles.names(run.resolve("superseded")).getFirst());
        assertEquals(all, Files.readString(aside.resolve(ProbesLog.FILE)));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }
}
