package org.kolotoc.engine.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files that are there whole or not at all, also after a crash: written beside, forced to disk, then renamed. */
public final class Atomic {
    /** What a file or folder is called until it is whole. */
    public static final String PART = ".part";

    private Atomic() {}

    public static void write(Path file, String text) throws IOException {
        write(Disk.SYSTEM, file, text.getBytes(StandardCharsets.UTF_8));
    }

    public static void write(Path file, byte[] content) throws IOException {
        write(Disk.SYSTEM, file, content);
    }

    public static void write(Disk disk, Path file, byte[] content) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + PART);
        try {
            force(disk, beside, out -> out.write(content));
            disk.rename(beside, file);
        } catch (IOException | RuntimeException | Error e) {
            try {
                remove(disk, beside);
            } catch (IOException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
        disk.forceFolder(file.toAbsolutePath().getParent());
    }

    /** Writes to a stream. */
    @FunctionalInterface
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    /** Writes a copy of a file. */
    public static void copy(Disk disk, Path from, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS)) {
            force(disk, to, in::transferTo);
        }
        disk.forceFolder(to.toAbsolutePath().getParent());
    }

    /** Writes a new file and forces it to disk. */
    static void force(Disk disk, Path file, Content content) throws IOException {
        try (FileChannel channel = disk.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            content.write(Channels.newOutputStream(channel));
            disk.force(channel);
        }
    }

    /** Removes a file or a folder with all that is in it, if it is there; follows no link. */
    public static void remove(Disk disk, Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                disk.remove(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
