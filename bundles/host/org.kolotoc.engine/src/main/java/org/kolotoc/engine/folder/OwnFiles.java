package org.kolotoc.engine.folder;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.ledger.LedgerFile;
import org.kolotoc.engine.state.Checkpoints;

/**
 * A run folder is something people send each other. What is in it must be its own, files and folders, so that nothing
 * outside of it is written to, or read as if it were the run's.
 */
final class OwnFiles {
    private static final Set<String> FOLDERS =
            Set.of(Checkpoints.FOLDER, RunFolder.SAMPLES, RunFolder.SUPERSEDED, RunFolder.BUNDLES, ProbesLog.FOLDER);

    /** Files that a run has, or may have. */
    static final List<String> FILES = List.of(
            RunFolder.EXPERIMENT,
            RunFolder.LOCK,
            Status.FILE,
            MetricsReader.FILE,
            InUse.FILE,
            RunFolder.VERDICT,
            RunFolder.REPORT,
            RunFolder.PICTURE,
            LedgerFile.FILE,
            ProbesLog.FILE);

    /** Changed where they are, not replaced; or led from one run to another by a second name. */
    private static final Set<String> ONE_NAME =
            Set.of(MetricsReader.FILE, ProbesLog.FILE, InUse.FILE, RunFolder.SOCKET);

    /** What kind of file a mode tells of, and a socket's. */
    private static final int KIND = 0170000;

    private static final int SOCKET_KIND = 0140000;

    private final Path given;
    private final Path real;

    private OwnFiles(Path given, Path real) {
        this.given = given;
        this.real = real;
    }

    /**
     * Looks at all that a folder holds.
     *
     * @param folder itself may be reached by a link
     * @throws InputError naming what is a link, or neither file nor folder, or one in place of the other
     */
    static void require(Path folder) throws IOException {
        OwnFiles files = new OwnFiles(folder, folder.toRealPath());
        Files.walkFileTree(files.real, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                files.require(path, attributes);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                try {
                    if (!files.isSocket(path, attributes)) {
                        files.require(path, attributes);
                    }
                    files.requireOneName(path);
                } catch (NoSuchFileException _) {
                    // A socket goes when its run ends.
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                // Who holds the folder may just have renamed or removed it.
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw e;
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Whether it is the one over which the run is spoken to. */
    private boolean isSocket(Path path, BasicFileAttributes attributes) throws IOException {
        return path.equals(real.resolve(RunFolder.SOCKET))
                && attributes.isOther()
                && (!hasModes(path)
                        || ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & KIND)
                                == SOCKET_KIND);
    }

    private static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private void require(Path path, BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            String to;
            try {
                to = " to " + Files.readSymbolicLink(path);
            } catch (IOException _) {
                to = "";
            }
            throw refused(path, "a link" + to, "a file or folder of its own");
        }
        if (attributes.isOther()) {
            throw refused(path, "neither file nor folder", "a file or folder");
        }
        if (real.equals(path.getParent())) {
            String name = path.getFileName().toString();
            if (name.equals(RunFolder.SOCKET)) {
                throw refused(path, attributes.isDirectory() ? "a folder" : "a file", "a socket, or nothing");
            }
            if (FOLDERS.contains(name) && !attributes.isDirectory()) {
                throw refused(path, "a file", "a folder");
            }
            if (FILES.contains(name) && !attributes.isRegularFile()) {
                throw refused(path, "a folder", "a file");
            }
        }
    }

    private void requireOneName(Path path) throws IOException {
        if (real.equals(path.getParent())
                && ONE_NAME.contains(path.getFileName().toString())
                && hasModes(path)
                && (int) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1) {
            throw refused(path, "a file with another name elsewhere (a hard link)", "one of its own");
        }
    }

    private InputError refused(Path path, String is, String expected) {
        Path shown = given.resolve(real.relativize(path));
        return InputError.of(
                "the run folder " + given + " would let others' files be used as its own: " + shown + " is " + is
                        + "; expected " + expected,
                "put a copy of what is meant in its place, or remove it: rm " + shown);
    }
}
