package org.kolotoc.backend.cpu.gemm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Brings shared libraries from the class path (a jar in tests, a fragment bundle in the container) to a folder where the
 * system's loader finds them.
 *
 * <p>The folder is named after what the files hold: their sizes and first 64 KiB, in which every linker puts its build
 * id and symbol tables; hashing all of a hundred megabytes would cost each start what unpacking costs once. A folder
 * appears complete or not at all (it is filled under another name and renamed), so processes may race for it.
 */
final class NativeFiles {

    private static final int HEAD = 64 * 1024;

    private NativeFiles() {}

    /**
     * Unpacks the named resources of a folder of the class path, unless that was done before.
     *
     * @param anchor the class whose loader has the resources
     * @param folder absolute name, such as {@code /org/example/linux-x86_64}
     * @param names the files in it
     * @param cache where unpacked folders are kept; made if absent
     * @return the folder that holds the files under their names
     * @throws NoSuchFileException if the class path lacks one of the resources
     * @throws IOException if the cache cannot be written
     */
    static Path unpack(Class<?> anchor, String folder, List<String> names, Path cache) throws IOException {
        Path target = cache.resolve(key(anchor, folder, names));
        if (Files.isDirectory(target)) {
            return target;
        }
        Files.createDirectories(cache);
        Path draft = Files.createTempDirectory(cache, ".draft-");
        try {
            for (String name : names) {
                try (var in = open(anchor, folder, name)) {
                    Files.copy(in, draft.resolve(name));
                }
            }
            try {
                return Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (Files.isDirectory(target)) {
                    return target; // another process was faster
                }
                throw e;
            }
        } finally {
            delete(draft, names);
        }
    }

    /** The cache folder of the current user, by the habits of the operating system. */
    static Path userCache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg != null && Path.of(xdg).isAbsolute()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("kolotoc").resolve("natives");
    }

    private static String key(Class<?> anchor, String folder, List<String> names) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (String name : names) {
                try (var in = open(anchor, folder, name)) {
                    digest.update((name + " " + size(anchor, folder, name) + "\n").getBytes(StandardCharsets.UTF_8));
                    digest.update(in.readNBytes(HEAD));
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    private static InputStream open(Class<?> anchor, String folder, String name) throws IOException {
        var in = anchor.getResourceAsStream(folder + "/" + name);
        if (in == null) {
            throw new NoSuchFileException(folder + "/" + name);
        }
        return in;
    }

    private static long size(Class<?> anchor, String folder, String name) throws IOException {
        var connection = anchor.getResource(folder + "/" + name).openConnection();
        connection.setUseCaches(false);
        try (var _ = connection.getInputStream()) {
            return connection.getContentLengthLong();
        }
    }

    private static void delete(Path draft, List<String> names) {
        try {
            for (String name : names) {
                Files.deleteIfExists(draft.resolve(name));
            }
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
