package org.kolotoc.engine.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;

/**
 * Keeps a folder to one process: a lock of the operating system on {@code process.lock}, which goes with the process
 * however it ends. The file stays (removing it would let two processes lock two files of one name) and says who holds it.
 */
public final class InUse implements AutoCloseable {
    /** What is locked, in the folder. */
    public static final String FILE = "process.lock";

    /** One byte far behind the content, so that others can read who holds it where locks keep readers out too. */
    private static final long PLACE = Long.MAX_VALUE - 1;

    /** On Linux: a link to each file that this process has open, wherever it is now. */
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    /**
     * Folders held by this process. Asked before the file is opened: on POSIX systems closing any channel of a file drops
     * every lock that the process has on it.
     */
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;
    private final Object key;

    private InUse(Path folder, FileChannel channel) throws IOException {
        this.folder = folder;
        this.channel = channel;
        this.key = key(folder.resolve(FILE));
    }

    /** What a file is, whatever it is called; null where the system does not tell. */
    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /**
     * Takes a folder until {@link #close}.
     *
     * @throws InputError when it is in use, naming the process
     */
    static InUse take(Path folder) throws IOException {
        return take(folder, "run folder");
    }

    /**
     * The same.
     *
     * @param what the folder is, for the message: {@code run folder}
     */
    public static InUse take(Path folder, String what) throws IOException {
        Optional<InUse> held = ifFree(folder);
        if (held.isPresent()) {
            return held.get();
        }
        throw InputError.of(
                "the " + what + " " + folder + " is in use by process " + holder(folder.toRealPath()),
                "wait until that process ends, or stop it with Ctrl-C (it saves), then run the command again");
    }

    /** The same; empty where it is in use. */
    static Optional<InUse> ifFree(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!HERE.add(real)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(
                    real.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            if (!locked(channel)) {
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((me() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            InUse held = new InUse(real, channel);
            taken = true;
            return Optional.of(held);
        } finally {
            if (!taken) {
                try {
                    if (channel != null) {
                        channel.close();
                    }
                } finally {
                    HERE.remove(real);
                }
            }
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(PLACE, 1, false) != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    private static String me() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /** The process that says that it holds a folder; {@code ?} where it does not. */
    static String holder(Path real) throws IOException {
        if (HERE.contains(real)) {
            return me();
        }
        try (InputStream in = Files.newInputStream(real.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
            String text = new String(in.readNBytes(20), StandardCharsets.UTF_8).strip();
            return text.matches("[0-9]+") ? text : "?";
        }
    }

    /** Whether the folder is still where it was taken, and the lock on it the one that keeps others out. */
    boolean isThere() {
        try {
            return Objects.equals(key, key(folder.resolve(FILE)));
        } catch (IOException _) {
            return false;
        }
    }

    /** Where the folder is now; empty where it was removed, or nobody knows. */
    Optional<Path> nowAt() {
        try (Stream<Path> open = Files.list(OPEN_FILES)) {
            return open.flatMap(link -> target(link).stream())
                    .filter(file -> file.endsWith(FILE) && isLock(file))
                    .map(Path::getParent)
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<Path> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link));
        } catch (IOException _) {
            // Closed in the meantime.
            return Optional.empty();
        }
    }

    private boolean isLock(Path file) {
        try {
            return key != null && key.equals(key(file));
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HERE.remove(folder);
        }
    }
}
