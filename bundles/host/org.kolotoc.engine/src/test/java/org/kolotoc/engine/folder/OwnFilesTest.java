package org.kolotoc.engine.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.TestFiles;
import org.kolotoc.engine.profile.Profile;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.FailingDisk;
import org.kolotoc.engine.state.Hash;
import org.kolotoc.engine.state.MetricsSeal;
import org.kolotoc.engine.state.Snapshot;

/** A run folder that somebody sent: nothing outside of it is written, whatever lies in it. */
final class OwnFilesTest {
    /** All that a run folder has, and what it has for a moment. */
    private static final List<String> ENTRIES = List.of(
            "process.lock",
            "experiment.json",
            "experiment.json.part",
            "lock.json",
            "run.json",
            "run.json.part",
            "metrics.jsonl",
            "verdict.json",
            "verdict.json.part",
            "report.html",
            "report.html.part",
            "profile.json",
            "profile.json.part",
            "profile.svg",
            "checkpoints",
            "checkpoints/step-00000002",
            "checkpoints/step-00000002/checkpoint.json",
            "checkpoints/step-00000002/state.safetensors",
            "checkpoints/step-00000005",
            "checkpoints/step-00000005.part",
            "checkpoints/step-00000005.gone",
            "samples",
            "samples/step-00000000",
            "samples/step-00000004",
            "samples/step-00000000/0.txt",
            "superseded",
            "superseded/20260101-120000",
            "control.sock",
            "mine.txt");

    @TempDir
    Path folder;

    private Console console;
    private Path run;
    private Path outside;

    @BeforeEach
    void stoppedRun() throws IOException {
        console = new Console(folder);
        run = console.out("run");
        console.run(Console.before(3), console.experiment().toString(), "--out", run.toString(), "--quiet");
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "precious");
        Files.writeString(Files.createDirectories(outside.resolve("folder")).resolve("file"), "precious");
        Files.writeString(
                Files.createDirectories(outside.resolve("step-00000009")).resolve("file"), "precious");
    }

    /** Names, and times and hashes of files; a link is what it links to. */
    private static TreeMap<String, String> content(Path folder) throws IOException {
        TreeMap<String, String> content = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.toList()) {
                content.put(
                        folder.relativize(path).toString(),
                        Files.isRegularFile(path) ? Files.getLastModifiedTime(path) + Hash.of(path) : "");
            }
        }
        return content;
    }

    private Console.Answer resume() {
        return console.run(() -> false, "--quiet", "--resume", run.toString());
    }

    private interface Attempt {
        Console.Answer make();
    }

    /** Every way into the folder is refused, and neither it nor what is outside changes. */
    private void refused(Path entry, String is) throws IOException {
        TreeMap<String, String> here = content(run);
        TreeMap<String, String> there = content(outside);
        for (Attempt attempt : List.<Attempt>of(this::resume, () -> caught(() -> RunFolder.look(run)))) {
            Console.Answer answer = attempt.make();
            assertEquals(2, answer.code(), entry + ": " + answer.out() + answer.err());
            assertTrue(answer.err().contains(entry + " is " + is), answer.err());
            assertTrue(answer.err().contains("rm " + entry), answer.err());
            assertEquals(there, content(outside), entry + " was written through");
            assertEquals(here, content(run), "nothing is written before it is refused: " + entry);
        }
    }

    private static Console.Answer caught(Runnable work) {
        InputError error = assertThrows(InputError.class, work::run);
        return new Console.Answer(2, "", error.getMessage() + "\n" + error.next());
    }

    /** Puts something in the place of an entry, and takes it back. */
    private void inPlace(String name, java.util.function.Consumer<Path> put, String is) throws IOException {
        Path entry = run.resolve(name);
        Path kept = folder.resolve("kept");
        boolean there = Files.exists(entry);
        Files.createDirectories(entry.getParent());
        if (there) {
            Files.move(entry, kept);
        }
        put.accept(entry);
        refused(entry, is);
        Files.delete(entry);
        if (there) {
            Files.move(kept, entry);
        }
    }

    private static void link(Path link, Path target) {
        try {
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void linksAreRefusedWhereverTheyAre() throws IOException {
        List<Path> targets = List.of(
                outside.resolve("file"),
                outside,
                outside.resolve("new"),
                Path.of("../../outside/file"),
                Path.of("run.json"));
        for (int i = 0; i < ENTRIES.size(); i++) {
            Path target = targets.get(i % targets.size());
            inPlace(ENTRIES.get(i), path -> link(path, target), "a link to " + target);
        }
        assertEquals(0, resume().code(), "without them it goes on");
    }

    /** A second name of a file outside: what is written to where it lies would change both. */
    @Test
    void filesWithAnotherNameElsewhereAreRefused() throws IOException {
        for (String entry : List.of("process.lock", "metrics.jsonl")) {
            inPlace(
                    entry,
                    path -> {
                        try {
                            Files.createLink(path, outside.resolve("file"));
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    "a file with another name elsewhere");
        }
    }

    @Test
    void filesAndFoldersInEachOthersPlaceAreRefused() throws IOException {
        for (String entry : List.of("checkpoints", "samples", "superseded", "bundles")) {
            inPlace(entry, path -> write(path), "a file; expected a folder");
        }
        for (String entry : List.of("process.lock", "run.json", "metrics.jsonl", "experiment.json", "report.html")) {
            inPlace(entry, path -> path.toFile().mkdir(), "a folder; expected a file");
        }
    }

    /** A socket is a run's in one place, under one name; nothing else is in that place. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theSocketOfARunIsItsOwnAndNothingElseIsInItsPlace() throws IOException {
        inPlace("control.sock", OwnFilesTest::write, "a file; expected a socket, or nothing");
        inPlace("control.sock", path -> path.toFile().mkdir(), "a folder; expected a socket, or nothing");
        inPlace("control.sock", path -> made("mkfifo", path), "neither file nor folder");
        Path other = outside.resolve("s");
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(other));
        }
        inPlace("control.sock", path -> made("ln", other, path), "a file with another name elsewhere (a hard link)");
        inPlace("samples/control.sock", path -> made("mv", other, path), "neither file nor folder");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(run.resolve("control.sock")));
        }
        RunFolder.look(run);
        assertEquals(0, resume().code(), "one that a killed process left is no hindrance");
        assertFalse(Files.exists(run.resolve("control.sock")));
    }

    private static void made(String command, Path... paths) {
        try {
            List<String> line = new ArrayList<>(List.of(command));
            Stream.of(paths).map(Path::toString).forEach(line::add);
            assertEquals(0, new ProcessBuilder(line).inheritIO().start().waitFor(), line.toString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path path) {
        try {
            Files.writeString(path, "mine");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aNewRunIsNotWrittenThroughALinkEither() throws IOException {
        Path left = Files.createDirectories(console.out("left"));
        link(left.resolve("process.lock"), outside.resolve("file"));
        Console.Answer answer = console.small("left", "--quiet");
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains("process.lock is a link"), answer.err());
        assertEquals("precious", Files.readString(outside.resolve("file")));
    }

    @Test
    void aProfileIsNotWrittenThroughALinkEither() throws IOException {
        Profile profile = new Profile(Profile.SCHEMA, "x", "reference", "a device", List.of());
        link(run.resolve("profile.svg.part"), outside.resolve("file"));
        assertThrows(InputError.class, () -> profile.write(run));
        assertFalse(Files.exists(run.resolve("profile.json")));
        Path plain = Files.createDirectories(folder.resolve("plain"));
        link(plain.resolve("notes"), outside.resolve("file"));
        link(plain.resolve("profile.svg"), outside.resolve("file"));
        profile.write(plain);
        assertFalse(Files.isSymbolicLink(plain.resolve("profile.svg")), "replaced, not followed");
        assertEquals("precious", Files.readString(outside.resolve("file")));
    }

    /** Put there after the folder was looked at. */
    @Test
    void whatIsWrittenFollowsNoLinkByItself() throws IOException {
        Path file = outside.resolve("file");
        Path late = Files.createDirectories(folder.resolve("late"));
        link(late.resolve("process.lock"), file);
        assertThrows(IOException.class, () -> InUse.take(late));
        link(late.resolve("x.part"), file);
        IOException error = assertThrows(IOException.class, () -> Atomic.write(late.resolve("x"), "other"));
        assertTrue(error.getMessage().contains(late.resolve("x.part") + ": it is a link"), error.getMessage());
        link(late.resolve("checkpoints"), outside);
        assertThrows(
                IOException.class,
                () -> new Checkpoints(late)
                        .write(1, new Snapshot(Map.of(), Map.of()), new MetricsSeal(0, 0, ""), new JsonObject()));
        assertEquals("precious", Files.readString(file));
        assertEquals(List.of("file", "folder", "step-00000009"), TestFiles.names(outside));
    }

    /** The way to the folder is the user's own. */
    @Test
    void theFolderItselfMayBeReachedByALink() {
        link(folder.resolve("latest"), run);
        run = folder.resolve("latest");
        assertEquals(0, resume().code());
    }

    /** In one order, so that whoever is stopped in between leaves the same each time. */
    @Test
    void whatACrashLeftHalfWrittenIsRemovedInOneOrder() throws IOException {
        List<String> files = List.of(
                "experiment.json",
                "lock.json",
                "run.json",
                "metrics.jsonl",
                "process.lock",
                "verdict.json",
                "report.html",
                "experiment.svg",
                "ledger.jsonl",
                "probes.jsonl");
        for (String file : files) {
            Files.writeString(run.resolve(file + Atomic.PART), "half");
        }
        FailingDisk disk = FailingDisk.never();
        RunFolder.existing(run, disk).close();
        assertEquals(
                files.stream().map(file -> "remove " + file + Atomic.PART).toList(),
                disk.asked().stream()
                        .filter(asked -> asked.startsWith("remove"))
                        .toList());
    }
}
