package org.kolotoc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A temporary folder that others write too: what does not prove to be ours stays. */
final class CacheFolderTest {
    @TempDir
    Path folder;

    private Path temporary;
    private Path precious;

    @BeforeEach
    void prepare() throws IOException {
        temporary = Files.createDirectory(folder.resolve("tmp"));
        precious = Files.createDirectory(folder.resolve("precious"));
        Files.writeString(precious.resolve("thesis.txt"), "years");
    }

    /** What a killed process left: a private folder with a lock that nobody holds. */
    private Path left(String name) throws IOException {
        Path left = Files.createDirectory(
                temporary.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(left.resolve("lock"));
        Files.createDirectories(left.resolve("cache/bundle1/version0.0"));
        Files.writeString(left.resolve("cache/bundle1/version0.0/bundle.jar"), "jar");
        return left;
    }

    private static String fresh() {
        return "kolotoc-" + UUID.randomUUID();
    }

    private void sweep() {
        CacheFolder.open(temporary).close();
    }

    private void assertPreciousIsThere() throws IOException {
        assertEquals("years", Files.readString(precious.resolve("thesis.txt")));
    }

    @Test
    void itIsPrivateAndGoesWhenItIsClosed() throws IOException {
        CacheFolder cache = CacheFolder.open(temporary);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.folder())));
        Files.writeString(cache.path().resolve("bundle.jar"), "jar");
        Files.createSymbolicLink(cache.path().resolve("link"), precious);
        cache.close();
        assertEquals(List.of(), files());
        assertPreciousIsThere();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> list = Files.list(temporary)) {
            return list.toList();
        }
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndLinksInItAreNotFollowed() throws IOException {
        Path left = left(fresh());
        Files.createSymbolicLink(left.resolve("cache/bundle1/link"), precious);
        sweep();
        assertEquals(List.of(), files());
        assertPreciousIsThere();
    }

    /** Each would be removed if one of the proofs were left out. */
    @Test
    void whatIsNotOursStays() throws IOException {
        List<Path> all = List.of(
                left("kolotoc-root"),
                left(fresh() + "x"),
                left("kolotoc-" + UUID.randomUUID().toString().toUpperCase(Locale.ROOT)),
                Files.createFile(temporary.resolve(".lock")),
                Files.createFile(temporary.resolve("...lock")),
                Files.createFile(temporary.resolve(fresh())),
                Files.createFile(temporary.resolve(fresh() + ".lock")),
                without(left(fresh()), "lock"),
                open(left(fresh())),
                linked(left(fresh())),
                Files.createSymbolicLink(temporary.resolve(fresh()), left("elsewhere")),
                Files.createSymbolicLink(temporary.resolve(fresh()), precious));
        sweep();
        for (Path path : all) {
            assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS), () -> path + " was removed");
        }
        assertTrue(Files.exists(temporary.resolve("elsewhere/cache/bundle1/version0.0/bundle.jar")));
        assertPreciousIsThere();
    }

    private static Path without(Path left, String file) throws IOException {
        Files.delete(left.resolve(file));
        return left;
    }

    /** Others could have put something into it. */
    private static Path open(Path left) throws IOException {
        Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rwxrwx---"));
        return left;
    }

    private Path linked(Path left) throws IOException {
        Files.delete(left.resolve("lock"));
        Files.createSymbolicLink(left.resolve("lock"), precious.resolve("thesis.txt"));
        return left;
    }

    @Test
    void anotherUsersFolderStays() throws IOException {
        Path left = left(fresh());
        try {
            Files.setAttribute(left, "unix:uid", 12345);
        } catch (IOException e) {
            assumeTrue(false, "not evaluated: only root can give a folder away");
        }
        sweep();
        assertTrue(Files.exists(left.resolve("cache/bundle1/version0.0/bundle.jar")));
    }

    @Test
    void aFolderWhoseLockIsHeldStays() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CacheFolderTest.class.getName(),
                        temporary.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path held = Path.of(holder.inputReader().readLine());
        sweep();
        assertTrue(Files.isDirectory(held), "its process lives");
        holder.destroyForcibly().waitFor();
        sweep();
        assertFalse(Files.exists(held), "its process was killed");
    }

    /** A process that makes its folder and waits. */
    public static void main(String[] line) throws InterruptedException {
        System.out.println(CacheFolder.open(Path.of(line[0])).folder());
        Thread.sleep(60_000);
    }

    @Test
    void aTemporaryFolderThatIsNoneIsNamedWithWhatToDo() {
        Path nowhere = folder.resolve("nowhere");
        Problem problem = assertThrows(Problem.class, () -> CacheFolder.open(nowhere));
        assertTrue(problem.getMessage().contains(nowhere.toString()), problem::getMessage);
        assertTrue(problem.getMessage().contains("TMPDIR=<folder> ./kolotoc"), problem::getMessage);
    }
}
