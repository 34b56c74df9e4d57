package org.kolotoc.engine.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.kolotoc.api.InputError;

/**
 * Keeps a run folder to one process: a lock of the operating system on {@code process.lock}, which goes with the process
 * however it ends. The file stays (removing it would let two processes lock two files of one name) and says who holds it.
 */
final class InUse implements AutoCloseable {
    static final String FILE = "process.lock";

    /** One byte far behind the content, so that others can read who holds it where locks keep readers out too. */
    private static final long PLACE = Long.MAX_VALUE - 1;

    /**
     * Folders held by this process. Asked before the file is opened: on POSIX systems closing any channel of a file drops
     * every lock that the process has on it.
     */
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private InUse(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes a folder until {@link #close}.
     *
     * @throws InputError when it is in use, naming the process
     */
    static InUse take(Path folder) throws IOException {
        Path real = folder.toRealPath();
        String me = Long.toString(ProcessHandle.current().pid());
        if (!HERE.add(real)) {
            throw refused(folder, me);
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(
                    real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                throw refused(folder, holder(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((me + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            taken = true;
            return new InUse(real, channel);
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                HERE.remove(real);
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

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        channel.read(content, 0);
        String text = new String(content.array(), 0, content.position(), StandardCharsets.UTF_8).strip();
        return text.matches("\\d+") ? text : "?";
    }

    private static InputError refused(Path folder, String process) {
        return InputError.of(
                "the run folder " + folder + " is in use by process " + process,
                "wait until that process ends, or stop it with Ctrl-C (it saves), then run the command again");
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HERE.remove(folder);
    }
}
