package org.kolotoc.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The framework's cache: a folder of this process alone, so that any number of processes run at once, removed at the
 * end. The framework copies every bundle into it, so a rebuild never pulls a jar from under a running experiment. What
 * a killed process left behind is removed by the next one: the folder whose lock file nobody holds.
 *
 * @param path the folder
 * @param lock the held lock file beside it
 */
record CacheFolder(Path path, FileChannel lock) implements AutoCloseable {
    private static final String LOCK = ".lock";

    static CacheFolder open() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"), "kolotoc-" + System.getProperty("user.name"));
        try {
            Files.createDirectories(parent);
            sweep(parent);
            Path path = parent.resolve(UUID.randomUUID().toString());
            FileChannel lock = FileChannel.open(lockOf(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            return new CacheFolder(Files.createDirectory(path), lock);
        } catch (IOException e) {
            throw new Problem(
                    "cannot make the framework's cache folder in " + parent + ": " + e
                            + "; give another temporary folder: TMPDIR=<folder> ./kolotoc ...",
                    e);
        }
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private static void sweep(Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            files.filter(f -> f.toString().endsWith(LOCK)).forEach(CacheFolder::removeIfOrphaned);
        }
    }

    private static void removeIfOrphaned(Path lockFile) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                String name = lockFile.getFileName().toString();
                delete(lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length())));
                Files.deleteIfExists(lockFile);
            }
        } catch (IOException _) {
            // Somebody else removed it first.
        }
    }

    @Override
    public void close() {
        delete(path);
        try {
            Files.deleteIfExists(lockOf(path));
            lock.close();
        } catch (IOException _) {
            // The next process sweeps it.
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path p : deepestFirst) {
                Files.deleteIfExists(p);
            }
        } catch (IOException | UncheckedIOException _) {
            // The next process sweeps it.
        }
    }
}
