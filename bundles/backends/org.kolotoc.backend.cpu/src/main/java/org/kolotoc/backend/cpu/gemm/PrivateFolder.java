package org.kolotoc.backend.cpu.gemm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of the current user that nobody else writes to, for code that this process is going to run. Files appear in it
 * complete or not at all, also when the machine loses its power.
 */
final class PrivateFolder {
    private static final String DRAFT = ".draft-";
    /** So old is a draft that its writer has locked it, or is dead. */
    private static final Duration STALE = Duration.ofMinutes(1);

    private final Path path;

    private PrivateFolder(Path path) {
        this.path = path;
    }

    /**
     * The folder, made if it is absent.
     *
     * @throws IOException if it cannot be made or written to, or belongs to somebody else
     */
    static PrivateFolder at(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
        }
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            UserPrincipal owner = view.readAttributes().owner();
            UserPrincipal user = user(path);
            if (!owner.equals(user)) {
                throw new IOException(path + " belongs to " + owner.getName() + ", not to " + user.getName());
            }
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
        return new PrivateFolder(path);
    }

    /** Whose files this process makes; a user may have no name. */
    private static UserPrincipal user(Path folder) throws IOException {
        Path made = Files.createTempFile(folder, DRAFT, "");
        try {
            return Files.getOwner(made);
        } finally {
            Files.delete(made);
        }
    }

    Path path() {
        return path;
    }

    /** What writes a file. */
    @FunctionalInterface
    interface Writer {
        void write(FileChannel channel) throws IOException;
    }

    /** Writes a file of this folder, or of one in it, and puts it in place of what is there. */
    void put(Path file, Writer writer) throws IOException {
        Path draft = Files.createTempFile(path, DRAFT, "");
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                writer.write(channel);
                channel.force(true);
            }
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                delete(file);
            }
            Files.createDirectories(file.getParent());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            try (var folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Removes drafts whose writers were killed; what cannot be removed now is met again. */
    void sweep() {
        try (Stream<Path> files = Files.list(path)) {
            files.filter(file -> file.getFileName().toString().startsWith(DRAFT))
                    .toList()
                    .forEach(PrivateFolder::sweep);
        } catch (IOException _) {
            // Somebody else sweeps too.
        }
    }

    private static void sweep(Path draft) {
        try {
            if (isStale(draft) && !isBeingWritten(draft)) {
                delete(draft);
            }
        } catch (IOException _) {
            // Likewise.
        }
    }

    private static boolean isStale(Path draft) throws IOException {
        FileTime written = Files.getLastModifiedTime(draft, LinkOption.NOFOLLOW_LINKS);
        return written.toInstant().isBefore(Instant.now().minus(STALE));
    }

    private static boolean isBeingWritten(Path draft) throws IOException {
        if (!Files.isRegularFile(draft, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException _) {
            return true;
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            List<Path> inside;
            try (Stream<Path> files = Files.list(path)) {
                inside = files.toList();
            }
            for (Path file : inside) {
                delete(file);
            }
        }
        Files.deleteIfExists(path);
    }

    /**
     * Where a cache of the current user may be, the best place first: by the habits of the operating system, and where
     * temporary files are, for users without a home.
     */
    static List<Path> caches() {
        List<Path> caches = new ArrayList<>();
        add(caches, System.getenv("XDG_CACHE_HOME"), "kolotoc");
        add(caches, System.getProperty("user.home"), ".cache/kolotoc");
        add(caches, System.getProperty("java.io.tmpdir"), "kolotoc-" + System.getProperty("user.name"));
        return caches.stream().map(cache -> cache.resolve("natives")).toList();
    }

    /** A path that is not absolute means no place: the system says {@code ?} where there is no home. */
    private static void add(List<Path> caches, String folder, String inside) {
        try {
            if (folder != null && Path.of(folder).isAbsolute()) {
                caches.add(Path.of(folder).resolve(inside));
            }
        } catch (InvalidPathException _) {
            // A name that the locale's encoding does not have: no file of it can be opened.
        }
    }
}
