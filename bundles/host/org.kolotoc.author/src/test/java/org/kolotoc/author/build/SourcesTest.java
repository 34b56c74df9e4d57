package org.kolotoc.author.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourcesTest {
    @TempDir
    Path folder;

    private Path source;

    @BeforeEach
    void aProject() throws IOException {
        Files.writeString(
                folder.resolve("pom.xml"),
                "<project><artifactId>mine</artifactId><version>1</version><build><sourceDirectory>.</sourceDirectory></build>"
                    + "</project>");
        source = Files.writeString(folder.resolve("Mine.java"), "one");
    }

    private Sources sources() {
        return new Sources(PluginProject.read(folder));
    }

    /** Looks so often and no more; what is done while it looks is given. */
    private static boolean saved(Sources sources, int looks, Runnable[] meanwhile) throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        return sources.awaitSave(() -> {
            int number = asked.getAndIncrement();
            if (number < meanwhile.length) {
                meanwhile[number].run();
            }
            return number >= looks;
        });
    }

    private void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSaveIsNoticedOnce() throws InterruptedException {
        Sources sources = sources();
        assertFalse(saved(sources, 3, new Runnable[0]), "nothing was saved");
        assertTrue(saved(sources, 3, new Runnable[] {() -> write(source, "other")}));
        assertFalse(saved(sources, 3, new Runnable[0]), "nothing more was saved");
    }

    @Test
    void filesThatComeAndGoAreSaves() throws InterruptedException, IOException {
        Sources sources = sources();
        assertTrue(saved(sources, 3, new Runnable[] {() -> write(folder.resolve("More.java"), "more")}));
        Files.delete(folder.resolve("More.java"));
        assertTrue(saved(sources, 3, new Runnable[0]));
    }

    /** An editor that writes in parts is waited for. */
    @Test
    void aFileThatStillGrowsIsWaitedFor() throws InterruptedException {
        AtomicInteger written = new AtomicInteger();
        Runnable more = () -> write(source, "x".repeat(10 + written.incrementAndGet()));
        assertTrue(saved(sources(), 9, new Runnable[] {more, more, more, more}));
        assertEquals(4, written.get(), "it did not wait for the end");
    }

    /** What a build writes asks for no other. */
    @Test
    void whatIsBuiltIsNoSave() throws InterruptedException, IOException {
        Path target = Files.createDirectories(folder.resolve("target/dev"));
        assertFalse(saved(sources(), 3, new Runnable[] {() -> write(target.resolve("a.jar"), "jar")}));
    }
}
