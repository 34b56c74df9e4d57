package org.kolotoc.engine.channel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.state.Hash;

/**
 * Where a run's socket lies: in its folder; where that has a longer path than systems take, below the folder of temporary
 * files, in a folder that is its user's alone, under a name made of the run folder's path.
 */
final class SocketPlace {
    /** Bytes that a socket's path may have: macOS has room for 104 with the end, Linux for 108. */
    static final int MOST = 103;

    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
    private static final int NAME = 32;

    private SocketPlace() {}

    /**
     * Of a run folder, whether there is a socket or not.
     *
     * @throws IOException when the folder is not there
     */
    static Path of(Path folder) throws IOException {
        Path real = folder.toRealPath();
        Path inside = real.resolve(RunFolder.SOCKET);
        return length(inside) <= MOST
                ? inside
                : temporary()
                        .resolve(Hash.of(real.toString().getBytes(StandardCharsets.UTF_8))
                                        .substring(0, NAME)
                                + ".sock");
    }

    /**
     * The same, for whoever is about to make the socket.
     *
     * @throws IOException when it would lie where others could put theirs
     */
    static Path prepared(Path folder) throws IOException {
        Path place = of(folder);
        if (!place.startsWith(folder.toRealPath())) {
            make(place.getParent());
        }
        return place;
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().resolve("kolotoc-" + Peer.me());
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static void make(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        try {
            if (posix) {
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWN));
            } else {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException _) {
            // Looked at now.
        }
        requireOwn(folder, posix);
    }

    /** Somebody else may have made it first. */
    private static void requireOwn(Path folder, boolean posix) throws IOException {
        if (!Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isDirectory()) {
            throw new IOException(folder + " is no folder");
        }
        if (posix
                && (!Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                                .equals(OWN)
                        || !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
                                .getName()
                                .equals(Peer.me()))) {
            throw new IOException(folder + " is not " + Peer.me() + "'s alone (rwx------)");
        }
    }
}
