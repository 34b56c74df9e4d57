package org.kolotoc.backend.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks class files: any resource will do. */
final class NativeFilesTest {

    private static final String FOLDER = "/org/kolotoc/backend/cpu/gemm";
    private static final List<String> NAMES = List.of("Kernels.class", "VectorGemm.class");

    @Test
    void unpacksOnceAndLeavesNothingElse(@TempDir Path cache) throws IOException {
        Path folder = NativeFiles.unpack(NativeFiles.class, FOLDER, NAMES, cache.resolve("deep"));
        for (String name : NAMES) {
            try (var in = NativeFiles.class.getResourceAsStream(FOLDER + "/" + name)) {
                assertArrayEquals(in.readAllBytes(), Files.readAllBytes(folder.resolve(name)), name);
            }
        }
        var time = Files.getLastModifiedTime(folder.resolve(NAMES.getFirst()));
        assertEquals(folder, NativeFiles.unpack(NativeFiles.class, FOLDER, NAMES, cache.resolve("deep")));
        assertEquals(time, Files.getLastModifiedTime(folder.resolve(NAMES.getFirst())));
        try (var entries = Files.list(cache.resolve("deep"))) {
            assertEquals(List.of(folder), entries.toList());
        }
    }

    @Test
    void otherContentGoesToAnotherFolder(@TempDir Path cache) throws IOException {
        Path one = NativeFiles.unpack(NativeFiles.class, FOLDER, List.of("Kernels.class"), cache);
        Path other = NativeFiles.unpack(NativeFiles.class, FOLDER, List.of("Panel.class"), cache);
        assertTrue(!one.equals(other) && Files.isDirectory(one) && Files.isDirectory(other));
    }

    @Test
    void manyMayUnpackAtTheSameTime(@TempDir Path cache) throws Exception {
        var folders = new ConcurrentLinkedQueue<Path>();
        var start = new CountDownLatch(1);
        var threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                try {
                    start.await();
                    folders.add(NativeFiles.unpack(NativeFiles.class, FOLDER, NAMES, cache));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            threads[i].start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(threads.length, folders.size());
        assertEquals(1, folders.stream().distinct().count());
        try (var entries = Files.list(cache)) {
            assertEquals(1, entries.count());
        }
    }

    @Test
    void namesTheFileThatIsMissing(@TempDir Path cache) {
        var thrown = assertThrows(
                NoSuchFileException.class,
                () -> NativeFiles.unpack(NativeFiles.class, FOLDER, List.of("absent.so"), cache));
        assertEquals(FOLDER + "/absent.so", thrown.getFile());
    }
}
