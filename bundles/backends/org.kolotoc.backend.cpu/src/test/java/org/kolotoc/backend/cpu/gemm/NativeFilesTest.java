package org.kolotoc.backend.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unpacks class files: any resource will do. */
final class NativeFilesTest {

    private static final String FOLDER = "/org/kolotoc/backend/cpu/gemm";
    private static final List<String> NAMES = List.of("Microkernels.class", "VectorGemm.class");

    private static NativeFiles.Unpacked unpack(List<String> names, Path... caches) throws IOException {
        return NativeFiles.unpack(NativeFiles.class, FOLDER, names, List.of(caches));
    }

    private static byte[] content(String name) throws IOException {
        try (var in = NativeFiles.class.getResourceAsStream(FOLDER + "/" + name)) {
            return in.readAllBytes();
        }
    }

    private static void assertComplete(Path folder) throws IOException {
        for (String name : NAMES) {
            assertArrayEquals(content(name), Files.readAllBytes(folder.resolve(name)), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deep", "with space", "a:colon", "žluťoučký kůň"})
    void unpacksOnceAndLeavesNothingElse(String name, @TempDir Path temp) throws Exception {
        Path cache = temp.resolve(name).resolve("natives");
        var unpacked = unpack(NAMES, cache);
        assertComplete(unpacked.folder());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content("Microkernels.class"));
        assertEquals(HexFormat.of().formatHex(digest), unpacked.digests().get("Microkernels.class"));
        var time = Files.getLastModifiedTime(unpacked.folder().resolve(NAMES.getFirst()));
        assertEquals(unpacked, unpack(NAMES, cache));
        assertEquals(time, Files.getLastModifiedTime(unpacked.folder().resolve(NAMES.getFirst())));
        try (var entries = Files.list(cache)) {
            assertEquals(List.of(unpacked.folder()), entries.toList());
        }
    }

    /** What a cache suffers in its life. */
    enum Damage {
        ONE_BIT {
            @Override
            void on(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 7] ^= 16; // far behind the head, of the same length
                Files.write(file, bytes);
            }
        },
        CUT {
            @Override
            void on(Path file) throws IOException {
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
            }
        },
        EMPTY {
            @Override
            void on(Path file) throws IOException {
                Files.write(file, new byte[0]);
            }
        },
        GONE {
            @Override
            void on(Path file) throws IOException {
                Files.delete(file);
            }
        },
        UNREADABLE {
            @Override
            void on(Path file) throws IOException {
                Files.write(file, new byte[] {1});
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            }
        },
        FOLDER {
            @Override
            void on(Path file) throws IOException {
                Files.delete(file);
                Files.createDirectories(file.resolve("in/it"));
            }
        },
        LINK {
            @Override
            void on(Path file) throws IOException {
                Path elsewhere = file.resolveSibling("elsewhere");
                Files.move(file, elsewhere);
                Files.createSymbolicLink(file, elsewhere);
            }
        },
        LINK_TO_NOTHING {
            @Override
            void on(Path file) throws IOException {
                Files.delete(file);
                Files.createSymbolicLink(file, file.resolveSibling("nothing"));
            }
        };

        abstract void on(Path file) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void mendsWhatIsDamaged(Damage damage, @TempDir Path cache) throws IOException {
        Path folder = unpack(NAMES, cache).folder();
        damage.on(folder.resolve("VectorGemm.class"));
        assertEquals(folder, unpack(NAMES, cache).folder());
        assertComplete(folder);
        assertTrue(Files.isRegularFile(folder.resolve("VectorGemm.class"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
    }

    /** Where a process has it loaded, its pages must not change under it. */
    @Test
    void aDamagedFileIsReplacedAndNotWrittenTo(@TempDir Path cache) throws IOException {
        Path file = unpack(NAMES, cache).folder().resolve("Microkernels.class");
        Damage.ONE_BIT.on(file);
        byte[] damaged = Files.readAllBytes(file);
        try (var open = FileChannel.open(file, StandardOpenOption.READ)) {
            unpack(NAMES, cache);
            var read = java.nio.ByteBuffer.allocate(damaged.length);
            while (open.read(read) > 0) {}
            assertArrayEquals(damaged, read.array());
        }
        assertComplete(file.getParent());
    }

    @Test
    void aDigestBesideTheResourceIsWhatItHasToBe(@TempDir Path temp) throws Exception {
        Path jar = Files.createDirectories(temp.resolve("jar/lib"));
        byte[] bytes = "a library".getBytes(StandardCharsets.UTF_8);
        Files.write(jar.resolve("a.so"), bytes);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        Files.writeString(jar.resolve("a.so.sha256"), digest + System.lineSeparator());
        try (var loader = new java.net.URLClassLoader(
                new java.net.URL[] {
                    temp.resolve("jar/").toUri().toURL(),
                    Anchor.class.getProtectionDomain().getCodeSource().getLocation()
                },
                null)) {
            Class<?> anchor = loader.loadClass(Anchor.class.getName());
            var unpacked = NativeFiles.unpack(anchor, "/lib", List.of("a.so"), List.of(temp.resolve("cache")));
            assertEquals(digest, unpacked.digests().get("a.so"));
            assertArrayEquals(bytes, Files.readAllBytes(unpacked.folder().resolve("a.so")));

            Files.write(jar.resolve("a.so"), "a libraRy".getBytes(StandardCharsets.UTF_8));
            Files.delete(unpacked.folder().resolve("a.so"));
            var thrown = assertThrows(
                    IOException.class,
                    () -> NativeFiles.unpack(anchor, "/lib", List.of("a.so"), List.of(temp.resolve("cache"))));
            assertTrue(
                    thrown.getMessage().contains("/lib/a.so of the class path has the SHA-256"), thrown.getMessage());
            assertFalse(Files.exists(unpacked.folder().resolve("a.so")), "what is wrong was put in place");
        }
    }

    /** Has resources beside it, in a loader of its own. */
    static final class Anchor {}

    @Test
    void theFolderIsPrivate(@TempDir Path temp) throws IOException {
        Path cache = Files.createDirectories(temp.resolve("natives"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        unpack(NAMES, cache);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)));
    }

    @Test
    void aCacheThatCannotBeUsedLeavesItToTheNext(@TempDir Path temp) throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        Path other = temp.resolve("other");
        assertEquals(
                other, unpack(NAMES, file.resolve("natives"), other).folder().getParent());
        var thrown = assertThrows(IOException.class, () -> unpack(NAMES, file.resolve("natives"), file));
        assertTrue(thrown.toString().contains(file.toString()), thrown.toString());
        assertEquals(1, thrown.getSuppressed().length);
    }

    @Test
    void draftsOfKilledProcessesAreSweptAndThoseOfOthersAreNot(@TempDir Path cache) throws IOException {
        unpack(NAMES, cache);
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofMinutes(5)));
        Path dead = Files.writeString(cache.resolve(".draft-1"), "half");
        Path old = Files.createDirectories(cache.resolve(".draft-2"));
        Files.writeString(old.resolve("libdnnl.so.3"), "half");
        Path young = Files.writeString(cache.resolve(".draft-3"), "just begun");
        Path slow = Files.writeString(cache.resolve(".draft-4"), "being written");
        Path foreign = Files.writeString(cache.resolve("something else"), "");
        for (Path draft : List.of(dead, old, slow, foreign)) {
            Files.setLastModifiedTime(draft, longAgo);
        }
        try (var channel = FileChannel.open(slow, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            unpack(NAMES, cache);
        }
        assertFalse(Files.exists(dead));
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young) && Files.exists(slow) && Files.exists(foreign));
    }

    @Test
    void otherContentGoesToAnotherFolder(@TempDir Path cache) throws IOException {
        Path one = unpack(List.of("Microkernels.class"), cache).folder();
        Path other = unpack(List.of("Packing.class"), cache).folder();
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
                    folders.add(unpack(NAMES, cache).folder());
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
        var thrown = assertThrows(NoSuchFileException.class, () -> unpack(List.of("absent.so"), cache));
        assertEquals(FOLDER + "/absent.so", thrown.getFile());
    }
}
