package org.kolotoc.backend.cpu.gemm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings shared libraries from the class path (a jar in tests, a fragment bundle in the container) to a folder where the
 * system's loader finds them.
 *
 * <p>What is there from before is used only if it has the SHA-256 of what the class path has, each time: a damaged file would
 * change a run's bits, or end the process. Otherwise it is unpacked anew. The class path may say the hash in a file beside
 * the library ({@code libexample.so.sha256}), which saves unpacking it to know.
 */
final class NativeFiles {
    private static final int CHUNK = 1 << 18;

    private NativeFiles() {}

    /**
     * Libraries that may be loaded.
     *
     * @param folder where they are
     * @param digests SHA-256 in hexadecimal digits, by name
     */
    record Unpacked(Path folder, Map<String, String> digests) {}

    /**
     * Unpacks the named resources of a folder of the class path, unless they are there.
     *
     * @param anchor the class whose loader has the resources
     * @param folder absolute name, such as {@code /org/example/linux-x86_64}
     * @param names the files in it
     * @param caches where unpacked folders are kept: the first that can be used is
     * @throws NoSuchFileException if the class path lacks one of the resources
     * @throws IOException if no cache can be used, saying why
     */
    static Unpacked unpack(Class<?> anchor, String folder, List<String> names, List<Path> caches) throws IOException {
        Map<String, String> digests = new LinkedHashMap<>();
        for (String name : names) {
            digests.put(name, digest(anchor, folder + "/" + name));
        }
        String key = key(digests);
        IOException failure = null;
        for (Path cache : caches) {
            try {
                PrivateFolder kept = PrivateFolder.at(cache);
                Path target = kept.path().resolve(key);
                for (String name : names) {
                    bring(anchor, folder + "/" + name, digests.get(name), target.resolve(name), kept);
                }
                kept.sweep();
                return new Unpacked(target, digests);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        throw failure == null ? new IOException("there is no folder for unpacked libraries") : failure;
    }

    private static void bring(Class<?> anchor, String resource, String digest, Path file, PrivateFolder kept)
            throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(file)) {
            try (var in = Files.newInputStream(file)) {
                if (digest.equals(digest(in))) {
                    return;
                }
            }
        }
        kept.put(file, channel -> {
            MessageDigest written = sha256();
            try (var in = open(anchor, resource)) {
                byte[] chunk = new byte[CHUNK];
                for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
                    written.update(chunk, 0, read);
                    ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, read);
                    while (buffer.hasRemaining()) {
                        int _ = channel.write(buffer);
                    }
                }
            }
            String got = HexFormat.of().formatHex(written.digest());
            if (!got.equals(digest)) {
                throw new IOException(resource + " of the class path has the SHA-256 " + got + ", expected " + digest);
            }
        });
    }

    /** Other content goes to another folder, so versions may be used side by side. */
    private static String key(Map<String, String> digests) {
        byte[] all = digests.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(sha256().digest(all), 0, 16);
    }

    private static String digest(Class<?> anchor, String resource) throws IOException {
        try (var said = anchor.getResourceAsStream(resource + ".sha256")) {
            if (said != null) {
                return new String(said.readAllBytes(), StandardCharsets.US_ASCII).strip();
            }
        }
        try (var in = open(anchor, resource)) {
            return digest(in);
        }
    }

    private static String digest(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
            digest.update(chunk, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    private static InputStream open(Class<?> anchor, String resource) throws IOException {
        var in = anchor.getResourceAsStream(resource);
        if (in == null) {
            throw new NoSuchFileException(resource);
        }
        return in;
    }
}
