package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.TestFiles;
import org.kolotoc.engine.state.Hash;

/** Data files of a run: where they are found, that the lock has all of them, and that they stay what they were. */
final class RunDataTest {
    private static final String TEXT = "abc def.\n".repeat(60);
    private static final String OTHER = "def abc.\n".repeat(60);

    @TempDir
    Path folder;

    private Console console;
    private Path run;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        run = console.out("run");
    }

    /** A way to name a text in an experiment, and where it lies. */
    private record Named(String path, Path file, String... options) {}

    private List<Named> ways() {
        Path mine = folder.resolve("mine");
        return List.of(
                new Named(folder.resolve("absolute.txt").toString(), folder.resolve("absolute.txt")),
                new Named("beside.txt", folder.resolve("beside.txt")),
                new Named("below/it.txt", folder.resolve("below/it.txt")),
                new Named("project.txt", folder.resolve("project/data/project.txt")),
                new Named("own/text.txt", mine.resolve("own/text.txt"), "--data", mine.toString()));
    }

    private Console.Answer begin(Named named, BooleanSupplier stop) throws IOException {
        Files.createDirectories(named.file().getParent());
        Files.writeString(named.file(), TEXT);
        List<String> line =
                new ArrayList<>(List.of(console.experiment().toString(), "--quiet", "--out", run.toString()));
        line.addAll(List.of("--set", "data={\"id\": \"text\", \"path\": \"" + named.path() + "\"}"));
        line.addAll(List.of(named.options()));
        return console.run(stop, line.toArray(String[]::new));
    }

    private Console.Answer resume(String... more) {
        return console.run(
                () -> false,
                Stream.concat(Stream.of("--resume", run.toString(), "--quiet"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private JsonObject lock() throws IOException {
        return JsonParser.parseString(Files.readString(run.resolve("lock.json")))
                .getAsJsonObject();
    }

    private void lock(JsonObject json) throws IOException {
        Files.writeString(run.resolve("lock.json"), json.toString());
    }

    private static void refused(Console.Answer answer, String... wanted) {
        assertEquals(2, answer.code(), answer.out() + answer.err());
        for (String part : wanted) {
            assertTrue(answer.err().contains(part), "expected «" + part + "» in\n" + answer.err());
        }
    }

    @Test
    void everyFileIsInTheLockByItsContentHoweverItWasNamed() throws IOException {
        for (Named named : ways()) {
            assertEquals(130, begin(named, Console.before(3)).code());
            JsonObject entry = lock().getAsJsonObject("data").getAsJsonObject(named.path());
            assertEquals(named.file().toString(), entry.get("found").getAsString());
            assertEquals(TEXT.length(), entry.get("bytes").getAsLong());
            assertEquals(Hash.of(TEXT.getBytes()), entry.get("sha256").getAsString());
            TestFiles.delete(run);
        }
    }

    @Test
    void aRunGoesOnWithTheSameContentAlone() throws IOException {
        for (Named named : ways()) {
            assertEquals(130, begin(named, Console.before(3)).code());
            byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
            Files.writeString(named.file(), OTHER);
            refused(
                    resume(named.options()),
                    "$.data",
                    named.path(),
                    "is not the one that the run began with",
                    Hash.of(TEXT.getBytes()),
                    Hash.of(OTHER.getBytes()));
            assertArrayEquals(metrics, Files.readAllBytes(run.resolve("metrics.jsonl")));
            Files.delete(named.file());
            refused(resume(named.options()), named.path());
            Files.writeString(named.file(), TEXT);
            Console.Answer answer = resume();
            assertEquals(0, answer.code(), "the folder need not be named again: " + answer.err());
            TestFiles.delete(run);
        }
    }

    /** This process runs in a folder with a pom.xml. */
    @Test
    void aPathDoesNotCountFromWhereTheCommandIsTyped() throws IOException {
        assertTrue(Files.exists(Path.of("pom.xml")));
        console.write(Console.SMALL.replace(
                "{\"id\": \"template-world\", \"characters\": 2000}", "{\"id\": \"text\", \"path\": \"pom.xml\"}"));
        refused(
                console.small("run"),
                "pom.xml is at none of these places",
                folder.resolve("pom.xml").toString());
        Files.writeString(folder.resolve("pom.xml"), TEXT);
        assertEquals(0, console.small("run").code());
    }

    @Test
    void theExperimentsFolderComesBeforeTheDataFolders() throws IOException {
        Path shared = Files.createDirectories(folder.resolve("project/data"));
        Files.writeString(shared.resolve("text.txt"), OTHER);
        Named named = new Named("text.txt", folder.resolve("text.txt"));
        assertEquals(130, begin(named, Console.before(3)).code());
        assertEquals(
                named.file().toString(),
                lock().getAsJsonObject("data")
                        .getAsJsonObject("text.txt")
                        .get("found")
                        .getAsString());
    }

    @Test
    void aRunFolderThatWasMovedKnowsWhereItsDataIs() throws IOException {
        Named named = new Named("beside.txt", folder.resolve("beside.txt"));
        assertEquals(130, begin(named, Console.before(3)).code());
        Path moved = Files.createDirectories(folder.resolve("elsewhere")).resolve("moved");
        Files.move(run, moved);
        run = moved;
        Console.Answer answer = resume();
        assertEquals(0, answer.code(), answer.err());
        Console.Answer again = console.run(
                () -> false,
                moved.resolve("experiment.json").toString(),
                "--quiet",
                "--out",
                console.out("new").toString());
        assertEquals(0, again.code(), "a new run of the same experiment: " + again.err());
        assertEquals(
                folder.toString(),
                JsonParser.parseString(Files.readString(console.out("new").resolve("lock.json")))
                        .getAsJsonObject()
                        .get("experimentFolder")
                        .getAsString());
    }

    @Test
    void dataThatWasMovedIsFoundByItsContent() throws IOException {
        Named named = new Named(folder.resolve("absolute.txt").toString(), folder.resolve("absolute.txt"));
        assertEquals(130, begin(named, Console.before(3)).code());
        Path there = Files.createDirectories(folder.resolve("there"));
        Files.move(named.file(), there.resolve("absolute.txt"));
        Console.Answer answer = resume("--data", there.toString());
        assertEquals(0, answer.code(), answer.err());
    }

    /** With the folders that they lay in. */
    @Test
    void aFolderOfDataThatWasMovedIsFoundByItsEnd() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("before/mine/deep")).resolve("absolute.txt");
        assertEquals(
                130, begin(new Named(deep.toString(), deep), Console.before(3)).code());
        Path there = Files.createDirectories(folder.resolve("there"));
        Files.move(folder.resolve("before/mine"), there.resolve("mine"));
        refused(resume(), deep + " is not there", "");
        Console.Answer answer = resume("--data", there.toString());
        assertEquals(0, answer.code(), answer.err());
    }

    @Test
    void filesThatTheLockHasAndNobodyReadsOrTheOtherWayRoundAreRefused() throws IOException {
        assertEquals(
                130,
                begin(new Named("beside.txt", folder.resolve("beside.txt")), Console.before(3))
                        .code());
        JsonObject lock = lock();
        JsonObject more = lock.deepCopy();
        JsonObject second =
                more.getAsJsonObject("data").getAsJsonObject("beside.txt").deepCopy();
        second.addProperty("found", folder.resolve("second.txt").toString());
        more.getAsJsonObject("data").add("second.txt", second);
        lock(more);
        refused(resume(), "not there any more: second.txt", "lock.json");
        Files.copy(folder.resolve("beside.txt"), folder.resolve("second.txt"));
        refused(resume(), "not read any more: second.txt", "lock.json");
        JsonObject less = lock.deepCopy();
        less.getAsJsonObject("data").remove("beside.txt");
        lock(less);
        refused(resume(), "beside.txt is none of those that the run began with", "lock.json");
        lock(lock);
        assertEquals(0, resume().code());
    }

    @Test
    void withoutItsLockNoFileIsTakenForTheSame() throws IOException {
        assertEquals(
                130,
                begin(new Named("beside.txt", folder.resolve("beside.txt")), Console.before(3))
                        .code());
        String whole = Files.readString(run.resolve("lock.json"));
        for (String broken :
                List.of("", "[]", "{\"data\": 3}", "{\"data\": {\"beside.txt\": 3}}", whole.substring(40))) {
            Files.writeString(run.resolve("lock.json"), broken);
            refused(resume(), "lock.json: ", "nobody can tell");
        }
        Files.delete(run.resolve("lock.json"));
        refused(resume(), "lock.json: it is missing");
    }

    /** Hashes alone, and no file that was given by a path of its own. */
    @Test
    void theLockOfAnEarlierVersionStillHoldsWhatItHas() throws IOException {
        Named named = new Named("project.txt", folder.resolve("project/data/project.txt"));
        assertEquals(130, begin(named, Console.before(3)).code());
        JsonObject lock = lock();
        lock.remove("experimentFolder");
        JsonObject data = lock.getAsJsonObject("data");
        data.add("project.txt", new JsonPrimitive(Hash.of(TEXT.getBytes())));
        lock(lock);
        Files.writeString(named.file(), OTHER);
        refused(resume(), "is not the one that the run began with");
        data.remove("project.txt");
        lock(lock);
        Files.writeString(named.file(), TEXT);
        Console.Answer answer = resume();
        assertEquals(0, answer.code(), answer.err());
        assertTrue(
                answer.err().contains("warning: whether " + named.file() + " is what the run began with"),
                answer.err());
    }

    private static List<String> told(Console.Answer answer) {
        return answer.err().lines().filter(line -> line.startsWith("reads ")).toList();
    }

    @Test
    void whatARunFolderMakesTheProgramReadIsToldOnce() throws IOException {
        Named named = new Named("beside.txt", folder.resolve("beside.txt"));
        Console.Answer begun = begin(named, Console.before(3));
        assertEquals(List.of(), told(begun), "one's own experiment");
        Path experiment = run.resolve("experiment.json");
        assertEquals(
                List.of("reads " + named.file() + ", which " + experiment + " names"),
                told(resume()),
                "somebody's folder");
        Files.writeString(folder.resolve("limits.json"), "{\"schema\": \"kolotoc.criteria/1\", \"criteria\": []}");
        JsonObject json = JsonParser.parseString(Files.readString(experiment)).getAsJsonObject();
        json.addProperty("criteria", "limits.json");
        Files.writeString(experiment, json.toString());
        assertEquals(
                List.of(
                        "reads " + folder.resolve("limits.json") + ", which " + experiment + " names",
                        "reads " + named.file() + ", which " + experiment + " names"),
                told(resume()));
        // Told before it is looked at: this one is no text at all.
        json.addProperty("criteria", "/dev/null");
        Files.writeString(experiment, json.toString());
        Console.Answer answer = resume();
        refused(answer, "/dev/null");
        assertTrue(answer.err().startsWith("reads /dev/null, which "), answer.err());
    }

    @Test
    void whatChangesWhileTheRunUsesItIsNoticedAtTheEnd() throws IOException {
        Named named = new Named("beside.txt", folder.resolve("beside.txt"));
        Console.Answer answer = begin(named, at(6, () -> Files.writeString(named.file(), OTHER)));
        refused(answer, named.file().toString(), "was changed while the run used it", Hash.of(TEXT.getBytes()));
        assertFalse(Files.exists(run.resolve("verdict.json")), "no verdict on what nobody knows");
        TestFiles.delete(run);
        refused(
                begin(named, at(6, () -> Files.delete(named.file()))),
                named.file().toString());
        TestFiles.delete(run);
        Console.Answer touched = begin(
                named, at(6, () -> Files.setLastModifiedTime(named.file(), FileTime.fromMillis(1_000_000_000_000L))));
        assertEquals(0, touched.code(), "the same content is the same file: " + touched.err());
    }

    @FunctionalInterface
    private interface Act {
        void run() throws IOException;
    }

    /** Does something once so many steps were taken; never wants to stop. */
    private static BooleanSupplier at(int steps, Act act) {
        boolean[] done = new boolean[1];
        BooleanSupplier reached = Console.before(steps + 1);
        return () -> {
            if (reached.getAsBoolean() && !done[0]) {
                done[0] = true;
                try {
                    act.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return false;
        };
    }
}
