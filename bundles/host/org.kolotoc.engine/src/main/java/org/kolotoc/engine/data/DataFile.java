package org.kolotoc.engine.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.LongConsumer;
import org.kolotoc.engine.state.Hash;

/**
 * A data file as it was when it was hashed.
 *
 * @param path as the experiment or the data source has it
 * @param found where it lies, absolute
 * @param bytes its size
 * @param modified as the file system says
 */
public record DataFile(String path, Path found, long bytes, String sha256, FileTime modified) {
    /**
     * Reads a file once.
     *
     * @param read hears after each part how many bytes were read
     */
    static DataFile of(String path, Path found, LongConsumer read) throws IOException {
        // Before it is read: what is written while it is read makes a later time.
        FileTime modified = Files.getLastModifiedTime(found);
        long bytes = Files.size(found);
        return new DataFile(path, found.toAbsolutePath().normalize(), bytes, Hash.of(found, read), modified);
    }

    /** Whether it has the same content still; it is read again only where size or time are others. */
    boolean isUnchanged(LongConsumer read) throws IOException {
        return Files.isRegularFile(found)
                && Files.size(found) == bytes
                && (Files.getLastModifiedTime(found).equals(modified)
                        || Hash.of(found, read).equals(sha256));
    }
}
