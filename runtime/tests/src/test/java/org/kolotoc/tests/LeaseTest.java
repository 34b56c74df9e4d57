package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run keeps the plugins that fill its seats, and goes on with them; whose code runs is a person's decision. */
@DisabledOnOs(OS.WINDOWS)
final class LeaseTest {
    private static final String PHASE = "{\"id\":\"sum\",\"steps\":6}";

    @TempDir
    static Path folder;

    private static Map<String, Path> first;
    private static Map<String, Path> second;
    private static Path me;
    private static Path begun;

    /** Six steps with the first version, checkpoints of 2, 4 and 6. */
    @BeforeAll
    static void begin() throws IOException {
        first = SumPlugins.version(folder.resolve("first"), "1.0.0", "1", "0");
        second = SumPlugins.version(folder.resolve("second"), "2.0.0", "1", "0.5f");
        me = Files.createDirectories(folder.resolve("me"));
        begun = folder.resolve("begun");
        Object[] line = Tiny.with(
                PHASE, begun, "--set", "checkpointEvery=2", "--plugin", first.get("lib"), "--plugin", first.get("sum"));
        Launch.as(me, line).expect(0);
    }

    /** A copy of the run, as if somebody had sent it. */
    private static Path copy(String name) throws IOException {
        return Assembled.copy(begun, folder.resolve(name));
    }

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    /** Version of the bundle that an entry of the lock says fills the phase, and the step. */
    private static List<String> leased(Path run) throws IOException {
        List<String> found = new ArrayList<>();
        for (JsonElement element : json(run.resolve("lock.json")).getAsJsonArray("seats")) {
            JsonObject seat = element.getAsJsonObject();
            if (seat.get("kind").getAsString().equals("phase")) {
                JsonElement step = seat.get("step");
                found.add(seat.getAsJsonObject("bundle").get("version").getAsString() + " from "
                        + (step == null ? 0 : step.getAsInt()));
            }
        }
        return found;
    }

    private static void sameAs(Path expected, Path run) throws IOException {
        assertArrayEquals(
                Files.readAllBytes(Tiny.state(expected, 6)), Files.readAllBytes(Tiny.state(run, 6)), run.toString());
    }

    private static List<Path> kept(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("bundles"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void theFolderKeepsWhatFillsItsSeatsAndWhatThatImports() throws IOException {
        assertEquals(List.of("1.0.0 from 0"), leased(begun));
        List<String> names = kept(begun).stream()
                .map(file -> file.getFileName().toString().replaceFirst("-[0-9].*", ""))
                .toList();
        assertEquals(
                List.of("hostile.lib", "hostile.sum", "org.kolotoc.data", "org.kolotoc.model.gpt", "org.kolotoc.text"),
                names,
                "and nothing that is part of the program alone");
        for (String name : List.of("lib", "sum")) {
            assertTrue(kept(begun).stream().anyMatch(file -> sameContent(file, first.get(name))), "the jar of " + name);
        }
        JsonArray jars = json(begun.resolve("lock.json")).getAsJsonArray("kept");
        assertEquals(names.size(), jars.size(), jars.toString());
    }

    private static boolean sameContent(Path one, Path other) {
        try {
            return Files.mismatch(one, other) < 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whoDidNotRunThatCodeBeforeIsAsked() throws IOException {
        Path run = copy("sent");
        Path other = Files.createDirectories(folder.resolve("other"));
        byte[] experiment = Files.readAllBytes(run.resolve("run.json"));
        Launch sample = Launch.startAs(other, Assembled.HOME, "sample", run, "--length", 3);
        Launch.as(other, "run", "--resume", run, "--from", 2)
                .expect(2)
                .says(
                        "brings code that was never run here",
                        run.resolve("bundles") + "/hostile.sum-1.0.0-",
                        run.resolve("bundles") + "/hostile.lib-1.2.3-",
                        "--trust");
        sample.end().expect(0);
        assertArrayEquals(experiment, Files.readAllBytes(run.resolve("run.json")), "nothing was done");
        Launch.as(other, "run", "--resume", run, "--from", 2, "--trust").expect(0);
        sameAs(begun, run);
        Launch.as(other, "run", "--resume", run, "--from", 4)
                .expect(0)
                .says(
                        "code of the run folder that is used: " + run.resolve("bundles/hostile.sum-1.0.0-"),
                        run.resolve("bundles/hostile.lib-1.2.3-").toString());
        sameAs(begun, run);
        assertEquals(List.of("1.0.0 from 0"), leased(run), "nothing changed");
        assertFalse(json(run.resolve("run.json")).has("plugins"));
    }

    /** The same steps with the run's own plugins, though others are there, and with others because somebody asks for them. */
    @Test
    void replayTakesTheLockedPlugins() throws IOException {
        Launch other = Launch.startAs(
                me, Assembled.HOME, "replay", begun, "--plugin", second.get("lib"), "--plugin", second.get("sum"));
        assertEquals(
                "took the steps 1 to 6 again: equal up to step 6",
                Launch.as(me, "replay", begun, "--from", 0, "--quiet")
                        .expect(0)
                        .out()
                        .strip());
        Launch.Result differs = other.end().expect(1).says("note: the phase 'sum' is hostile.sum 2.0.0 (");
        assertTrue(
                differs.out()
                        .startsWith("took the steps 3 to 4 again: from the first on they differ\n"
                                + "measure sum differs after step 3\n  recorded 6.0\n  replayed 6.5\n"
                                + "tensor sum/value differs after step 4\n  recorded "),
                differs.out());
    }

    /** What a class keeps is there as long as the process; a run that is resumed begins with a fresh one. */
    @Test
    void whatThePluginsClassKeepsIsFoundBeforeALongRun() throws IOException {
        Map<String, Path> keeping =
                SumPlugins.version(folder.resolve("keeping"), "3.0.0", "1", "(STEPS.getAndIncrement() > 0 ? 1 : 0)");
        Launch bad = certified("keeps", keeping);
        certified("keepsnot", first).end().expect(0);
        assertTrue(json(folder.resolve("keepsnot/lock.json")).has("resumeProved"));
        bad.end()
                .expect(2)
                .says("the phase 'sum' can't be resumed", "measure sum of its step 4", "without 13.0", "resumed 12.0");
        assertFalse(Files.exists(folder.resolve("keeps")));
    }

    private static Launch certified(String run, Map<String, Path> jars) {
        return Launch.startAs(
                me,
                Assembled.HOME,
                Tiny.with(
                        PHASE,
                        folder.resolve(run),
                        "--set",
                        "certify=true",
                        "--plugin",
                        jars.get("lib"),
                        "--plugin",
                        jars.get("sum")));
    }

    /** Somebody's own plugin of the same seat goes first, and what it changes is told. */
    @Test
    void anotherVersionIsUsedWhereSomebodyAsksForIt() throws IOException {
        Path run = copy("asked");
        Launch.as(me, "run", "--resume", run, "--from", 4, "--plugin", second.get("lib"), "--plugin", second.get("sum"))
                .expect(0)
                .says("warning: the phase 'sum' is hostile.sum 2.0.0 (", "which was hostile.sum 1.0.0 (", "step 5 on");
        assertEquals(List.of("1.0.0 from 0", "2.0.0 from 4"), leased(run));
        JsonObject told =
                json(run.resolve("run.json")).getAsJsonArray("plugins").get(0).getAsJsonObject();
        assertEquals(4, told.get("step").getAsInt());
        assertEquals("phase 'sum'", told.get("seat").getAsString());
        assertTrue(told.get("is").getAsString().startsWith("hostile.sum 2.0.0 ("), told.toString());
        assertEquals(22, sum(run), "1 + 2 + 3 + 4 + 5.5 + 6.5");
        // From now on it is the run's own: whoever goes back before it has it come again at its step.
        Launch.as(me, "run", "--resume", run, "--from", 2).expect(0);
        assertEquals(22, sum(run), "also when the run goes back");
        assertEquals(List.of("1.0.0 from 0", "2.0.0 from 4"), leased(run));
        // But where somebody wants another from there on, that one stays.
        Launch.as(me, "run", "--resume", run, "--from", 2, "--plugin", second.get("lib"), "--plugin", second.get("sum"))
                .expect(0);
        assertEquals(23, sum(run), "1 + 2 + 3.5 + 4.5 + 5.5 + 6.5");
        assertEquals(List.of("1.0.0 from 0", "2.0.0 from 2"), leased(run));
    }

    /** The one tensor of the phase, the last in its file. */
    private static float sum(Path run) throws IOException {
        byte[] state = Files.readAllBytes(Tiny.state(run, 6));
        return java.nio.ByteBuffer.wrap(Arrays.copyOfRange(state, state.length - 4, state.length))
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getFloat();
    }

    /** Both versions are plugged in: a new run takes the higher or the one it asks for, the one that goes on its own. */
    @Test
    void severalVersionsMayBePluggedIn() throws IOException {
        Path home = folder.resolve("home");
        Files.createDirectories(home.resolve("plugins"));
        for (String part : List.of("lib", "features", "launcher")) {
            Files.createSymbolicLink(home.resolve(part), Assembled.HOME.resolve(part));
        }
        Files.copy(second.get("sum"), home.resolve("plugins/a.jar"));
        Files.copy(second.get("lib"), home.resolve("plugins/b.jar"));
        Files.copy(first.get("sum"), home.resolve("plugins/c.jar"));
        Path run = copy("plugged");
        Launch on = Launch.startAs(me, home, "run", "--resume", run, "--from", 2);
        Launch anew = Launch.startAs(me, home, Tiny.with(PHASE, folder.resolve("anew")));
        Path asking = folder.resolve("asking");
        Launch pinned =
                Launch.startAs(me, home, Tiny.with(PHASE.replace("}", ",\"pluginVersion\":\"[1,2)\"}"), asking));
        on.end().expect(0);
        sameAs(begun, run);
        Launch list = Launch.startAs(me, home, "list", "phase");
        anew.end().expect(0);
        pinned.end().expect(0);
        sameAs(begun, asking);
        assertEquals(List.of("1.0.0 from 0"), leased(asking));
        String listed = list.end().expect(0).out();
        assertTrue(listed.matches("(?s).*sum +1\\.0\\.0 +hostile\\.sum +ready, if asked .*"), listed);
        assertTrue(listed.matches("(?s).*sum +2\\.0\\.0 +hostile\\.sum +ready, default .*"), listed);
        Launch.startAs(me, home, "replay", asking, "--from", 0, "--quiet").end().expect(0);
        assertEquals(List.of("2.0.0 from 0"), leased(folder.resolve("anew")));
        assertEquals(24, sum(folder.resolve("anew")), "1.5 + 2.5 + 3.5 + 4.5 + 5.5 + 6.5");
    }
}
