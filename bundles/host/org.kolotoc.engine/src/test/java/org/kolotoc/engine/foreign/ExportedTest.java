package org.kolotoc.engine.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;

/** A model of a run goes out as another library stores it, and comes back. */
class ExportedTest {
    @TempDir
    Path temporary;

    private Console console;
    private Engine engine;

    @BeforeEach
    void host() throws IOException {
        console = new Console(temporary);
        engine = new Engine(console.framework().context());
    }

    private Map<String, Snapshot.Entry> weights(Path run) {
        return new Checkpoints(run).read(Optional.empty()).snapshot().of("model");
    }

    @Test
    void itComesBackBitByBit() throws IOException {
        assertEquals(0, console.small("first", "--set", "phases.0.steps=2").code());
        Path out = temporary.resolve("out");
        Exported exported =
                engine.exporting(console.out("first"), Options.none(), Optional.empty(), out, Client.NOBODY);
        assertEquals("gpt2", exported.architecture());
        assertEquals(2, exported.step());
        assertEquals(List.of("config.json", "model.safetensors"), exported.files());
        assertEquals("char", exported.tokenizer(), "which has no files of this layout");
        Path back = temporary.resolve("back");
        engine.importing(out, Optional.of(back), () -> false);
        assertEquals(Snapshot.hash(weights(console.out("first"))), Snapshot.hash(weights(back)));
        String header = Files.readString(out.resolve("model.safetensors"), StandardCharsets.ISO_8859_1);
        assertTrue(header.contains("\"__metadata__\":{\"format\":\"pt\"}"), "the reference library asks for it");
    }

    @Test
    void aCheckpointOfAnEarlierStepIsAnother() throws IOException {
        console.small("first", "--set", "phases.0.steps=2", "--set", "checkpointEvery=1");
        Path one = temporary.resolve("one");
        Path two = temporary.resolve("two");
        engine.exporting(
                console.out("first"), Options.none().from(Optional.of(1L)), Optional.empty(), one, Client.NOBODY);
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), two, Client.NOBODY);
        assertFalse(Files.mismatch(one.resolve("model.safetensors"), two.resolve("model.safetensors")) < 0);
        assertEquals(-1, Files.mismatch(one.resolve("config.json"), two.resolve("config.json")));
    }

    @Test
    void whatTheLayoutCantSayIsNamedAndNothingIsWritten() {
        console.small("odd", "--set", "phases.0.steps=1", "--set", "model.placement=post", "--set", "model.bias=false");
        Path out = temporary.resolve("out");
        String message = refused("odd", Optional.empty(), out);
        assertTrue(
                message.contains("\"placement\" is post, which the layout of GPT-2 can't say; expected pre"), message);
        assertTrue(message.contains("\"bias\" is false"), message);
        assertFalse(Files.exists(out));
    }

    /** GPTs, but nobody says how another library stores them. */
    private static final class Own implements ModelFamily<GptSettings> {
        @Override
        public Class<GptSettings> settings() {
            return GptSettings.class;
        }

        @Override
        public Model create(GptSettings settings, Dimensions data) {
            return new GptFamily().create(settings, data);
        }
    }

    @Test
    void aFamilyWithoutALayoutIsNamedWithThoseThatHaveOne() {
        console.framework().seat(Seat.MODEL, "own", new Own());
        assertEquals(
                0,
                console.small("own", "--set", "phases.0.steps=1", "--set", "model.id=own")
                        .code());
        String message = refused("own", Optional.empty(), temporary.resolve("out"));
        assertTrue(message.contains("$.model.id"), message);
        assertTrue(message.contains("the model 'own'"), message);
        assertTrue(
                message.contains("has no layout of another library; export writes models of 'gpt' (gpt2, llama)"),
                message);
    }

    /** Of several without one, none is proposed. */
    @Test
    void ofSeveralModelsThatIsNamedWhichHasALayout() throws IOException {
        console.framework().seat(Seat.MODEL, "own", new Own());
        console.small("several", "--set", "phases.0.steps=1");
        assertTrue(several("own", "gpt").contains("the run has several models: one, two\n--model two"));
        String none = several("own", "own");
        assertTrue(none.contains("$.models.one.id") && none.contains("$.models.two.id"), none);
        assertFalse(none.contains("--model"), none);
    }

    private String several(String one, String two) throws IOException {
        Path file = console.out("several").resolve("experiment.json");
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        JsonObject models = new JsonObject();
        JsonObject model = json.has("model")
                ? json.remove("model").getAsJsonObject()
                : json.getAsJsonObject("models").getAsJsonObject("one");
        models.add("one", withId(model, one));
        models.add("two", withId(model, two));
        json.add("models", models);
        Files.writeString(file, json.toString());
        InputError error = assertThrows(
                InputError.class,
                () -> engine.exporting(
                        console.out("several"),
                        Options.none(),
                        Optional.empty(),
                        temporary.resolve("out"),
                        Client.NOBODY));
        return error.getMessage() + "\n" + error.next().replace("say which: ", "");
    }

    private static JsonObject withId(JsonObject model, String id) {
        JsonObject named = model.deepCopy();
        named.addProperty("id", id);
        return named;
    }

    @Test
    void aFolderThatHoldsSomethingIsLeftAsItIs() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        Path out = Files.createDirectory(temporary.resolve("out"));
        Files.writeString(out.resolve("mine.txt"), "mine");
        assertTrue(refused("first", Optional.empty(), out).contains("is not empty"));
        assertTrue(refused("first", Optional.of("modle"), temporary.resolve("other"))
                .contains("there is no model 'modle'; did you mean 'model'?"));
        try (Stream<Path> inside = Files.list(out)) {
            assertEquals(1, inside.count());
        }
    }

    @Test
    void whoIsStoppedLeavesNothing() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        Path out = temporary.resolve("away/out");
        for (int asked : List.of(0, 1, 5)) {
            stopped(out, asked);
            assertFalse(Files.exists(out), "after " + asked);
            assertEquals(List.of(), inside(out.getParent()), "after " + asked);
        }
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        stopped(empty, 3);
        assertEquals(List.of(), inside(empty));
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), empty, Client.NOBODY);
        assertEquals(List.of("config.json", "model.safetensors"), inside(empty));
    }

    private void stopped(Path out, int after) {
        AtomicInteger asked = new AtomicInteger();
        assertThrows(
                Stopped.class,
                () -> engine.exporting(
                        console.out("first"),
                        Options.none(),
                        Optional.empty(),
                        out,
                        new Client(() -> asked.getAndIncrement() >= after, _ -> {})));
    }

    private static List<String> inside(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** As where samples are drawn. */
    @Test
    void bundlesThatNoLockVouchesForAreTold() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        List<String> told = new ArrayList<>();
        Client client = new Client(() -> false, event -> told.add(event.text()));
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), temporary.resolve("one"), client);
        assertEquals(List.of(), told);
        Files.delete(console.out("first").resolve("lock.json"));
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), temporary.resolve("two"), client);
        assertTrue(
                told.getFirst().contains("the bundles that began this run are not known: lock.json is missing"),
                told.toString());
        Path back = engine.importing(temporary.resolve("one"), Optional.of(temporary.resolve("back")), () -> false)
                .folder();
        told.clear();
        engine.exporting(back, Options.none(), Optional.empty(), temporary.resolve("three"), client);
        assertEquals(List.of(), told, "what was imported has none");
    }

    @Test
    void whatCantBeReadToItsEndLeavesNothing() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        Path out = temporary.resolve("out");
        IllegalStateException breaks = new IllegalStateException("breaks");
        assertEquals(
                breaks,
                assertThrows(
                        IllegalStateException.class,
                        () -> engine.exporting(
                                console.out("first"),
                                Options.none(),
                                Optional.empty(),
                                out,
                                new Client(
                                        () -> {
                                            throw breaks;
                                        },
                                        _ -> {}))));
        assertFalse(Files.exists(out));
    }

    /** No process has this number. */
    private static final String KILLED = ".part999999999999";

    @Test
    void whatAnExportThatWasKilledLeftIsReplaced() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        Path beside = temporary.resolve("away/out");
        left(beside.resolveSibling("out" + KILLED));
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), beside, Client.NOBODY);
        assertEquals(List.of("out"), inside(beside.getParent()));
        Path inside = temporary.resolve("inside");
        left(inside.resolve(KILLED));
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), inside, Client.NOBODY);
        assertEquals(List.of("config.json", "model.safetensors"), inside(inside));
    }

    /** It may be somebody's: nothing is removed. */
    @Test
    void whatIsBesideAPartOfAKilledExportIsNamed() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        Path out = temporary.resolve("out");
        left(out.resolve(KILLED));
        Files.writeString(out.resolve("model.safetensors"), "half");
        String message = refused("first", Optional.empty(), out);
        assertTrue(
                message.contains("an export that was killed left " + out + " half filled: " + KILLED
                        + " and model.safetensors are there"),
                message);
        assertEquals(List.of(KILLED, "model.safetensors"), inside(out));
    }

    /** A name says nothing of who made a folder. */
    @Test
    void aFolderOfSomebodyIsLeftWhateverItsName() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        Path out = temporary.resolve("book");
        Path chapters = temporary.resolve("book.part4000001/chapters");
        Files.writeString(Files.createDirectories(chapters).resolve("one.txt"), "mine");
        Path living = temporary.resolve("book.part" + ProcessHandle.current().pid());
        Files.createDirectories(living);
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), out, Client.NOBODY);
        assertEquals("mine", Files.readString(chapters.resolve("one.txt")));
        assertEquals(List.of("config.json", "model.safetensors"), inside(out));
        Path full = temporary.resolve("full");
        Files.writeString(Files.createDirectories(full.resolve(KILLED)).resolve("one.txt"), "mine");
        assertTrue(refused("first", Optional.empty(), full).contains("is not empty"));
        assertEquals("mine", Files.readString(full.resolve(KILLED).resolve("one.txt")));
    }

    @Test
    void aFolderThatAnotherExportWritesToIsLeftToIt() throws IOException {
        console.small("first", "--set", "phases.0.steps=1");
        Path out = temporary.resolve("out");
        String part = "out.part" + ProcessHandle.current().pid();
        left(temporary.resolve(part));
        String message = refused("first", Optional.empty(), out);
        assertTrue(message.contains("another export writes to " + out + " now"), message);
        assertTrue(Files.exists(temporary.resolve(part).resolve("config.json")));
        // The number of a process that has ended is that of another by and by.
        Files.setLastModifiedTime(temporary.resolve(part), FileTime.from(Instant.EPOCH));
        engine.exporting(console.out("first"), Options.none(), Optional.empty(), out, Client.NOBODY);
        assertFalse(Files.exists(temporary.resolve(part)));
    }

    private static void left(Path part) throws IOException {
        Files.writeString(Files.createDirectories(part).resolve("config.json"), "{");
        Files.createFile(part.resolve(".kolotoc-export"));
    }

    private String refused(String run, Optional<String> model, Path out) {
        return assertThrows(
                        InputError.class,
                        () -> engine.exporting(console.out(run), Options.none(), model, out, Client.NOBODY))
                .getMessage();
    }
}
