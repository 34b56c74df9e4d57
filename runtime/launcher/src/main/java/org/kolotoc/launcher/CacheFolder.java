package org.kolotoc.launcher;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The framework's cache: a folder of this process alone, so that any number of processes run at once, removed at the
 * end. The framework copies every bundle into it, so a rebuild never pulls a jar from under a running experiment.
 *
 * <p>The temporary folder is everybody's, so nothing in it is believed. A process makes a fresh folder that only its user
 * may enter, and holds a lock inside. What a killed process left behind is removed by a later one: a folder of the right
 * name that belongs to the same user, that nobody else may enter, and whose lock nobody holds. It is reached and emptied
 * through open folders, by single names, never by a path or through a link.
 *
 * @param folder of this process
 * @param lock held inside it
 */
record CacheFolder(Path folder, FileChannel lock) implements AutoCloseable {
    private static final Pattern NAME =
            Pattern.compile("kolotoc-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Path LOCK = Path.of("lock");

    /** Makes one in the temporary folder, and removes there what killed processes of this user left. */
    static CacheFolder open(Path temporary) {
        Path folder = temporary.resolve("kolotoc-" + UUID.randomUUID());
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
            PosixFileAttributes made = Files.readAttributes(folder, PosixFileAttributes.class, NOFOLLOW_LINKS);
            if (!made.permissions().equals(PRIVATE)) {
                throw new IOException("others may enter what is made there");
            }
            sweep(temporary, made.owner());
            // Locked before it has its name, so that no sweep finds it free.
            Path fresh = folder.resolve("fresh");
            FileChannel lock = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            CacheFolder cache = new CacheFolder(folder, lock);
            lock.lock();
            Files.move(fresh, folder.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
            Files.createDirectory(cache.path());
            return cache;
        } catch (IOException | UnsupportedOperationException e) {
            delete(folder);
            throw new Problem(
                    "no private folder can be made for the framework in " + temporary + ": " + e
                            + "; give another temporary folder: TMPDIR=<folder> ./kolotoc ...",
                    e);
        }
    }

    /** The folder for the framework's files. */
    Path path() {
        return folder.resolve("cache");
    }

    private static void sweep(Path temporary, UserPrincipal user) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(temporary)) {
            if (all instanceof SecureDirectoryStream<Path> open) {
                for (Path entry : all) {
                    if (NAME.matcher(entry.getFileName().toString()).matches()) {
                        removeIfLeft(open, entry.getFileName(), user);
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // A folder that can't be listed can be worked in; what lies there stays.
        }
    }

    private static void removeIfLeft(SecureDirectoryStream<Path> parent, Path name, UserPrincipal user) {
        try (SecureDirectoryStream<Path> folder = parent.newDirectoryStream(name, NOFOLLOW_LINKS)) {
            PosixFileAttributes attributes =
                    folder.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
            if (!attributes.owner().equals(user)
                    || !attributes.permissions().equals(PRIVATE)
                    || !kind(folder, LOCK).isRegularFile()) {
                return;
            }
            try (FileChannel lock =
                    (FileChannel) folder.newByteChannel(LOCK, Set.of(StandardOpenOption.WRITE, NOFOLLOW_LINKS))) {
                if (lock.tryLock() == null) {
                    return;
                }
                empty(folder);
            }
            parent.deleteDirectory(name);
        } catch (IOException _) {
            // It is no folder, or not ours, or somebody else removed it first.
        }
    }

    private static BasicFileAttributes kind(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        return folder.getFileAttributeView(name, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                .readAttributes();
    }

    private static void empty(SecureDirectoryStream<Path> folder) throws IOException {
        List<Path> names = new ArrayList<>();
        folder.forEach(entry -> names.add(entry.getFileName()));
        for (Path name : names) {
            if (kind(folder, name).isDirectory()) {
                try (SecureDirectoryStream<Path> inside = folder.newDirectoryStream(name, NOFOLLOW_LINKS)) {
                    empty(inside);
                }
                folder.deleteDirectory(name);
            } else {
                folder.deleteFile(name);
            }
        }
    }

    @Override
    public void close() {
        delete(folder);
        try {
            lock.close();
        } catch (IOException _) {
            // It goes with the process.
        }
    }

    /** Nobody else can put a link into a folder that only this user may enter. What can't be removed a later process will. */
    private static void delete(Path path) {
        try {
            if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> inside = Files.newDirectoryStream(path)) {
                    inside.forEach(CacheFolder::delete);
                }
            }
            Files.deleteIfExists(path);
        } catch (IOException | DirectoryIteratorException _) {
            // said above
        }
    }
}
