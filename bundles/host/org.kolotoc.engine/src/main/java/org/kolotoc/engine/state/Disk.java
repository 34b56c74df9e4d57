package org.kolotoc.engine.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * What changes files that have to outlast a crash: the system, or in a test something that fails where it should. The
 * last name of a path that is written to is never followed where it is a symbolic link.
 */
public interface Disk {
    /** The system's own. */
    Disk SYSTEM = new SystemDisk();

    /** Opens a file to be written to. */
    FileChannel open(Path file, OpenOption... options) throws IOException;

    /** Makes what was written lasting. */
    void force(FileChannel channel) throws IOException;

    /** Makes what was made, renamed or removed in a folder lasting, where the system can do that. */
    void forceFolder(Path folder) throws IOException;

    /** Renames a file, over one that is there, or a folder; nobody ever sees half of it. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, a link or an empty folder. */
    void remove(Path path) throws IOException;

    /** Shortens a file. */
    void cut(FileChannel channel, long bytes) throws IOException;

    /** Makes one folder, in one that is there. */
    void makeFolder(Path folder) throws IOException;

    /** Makes a folder, in one that is there, unless it is there already; whether it was made. */
    default boolean needFolder(Path folder) throws IOException {
        boolean needed = !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
        if (needed) {
            makeFolder(folder);
        }
        return needed;
    }
}
