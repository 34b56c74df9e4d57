package org.kolotoc.engine.lease;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/**
 * Jars that this user has run before: {@code ~/.kolotoc/trusted} has an empty file for each, named by its SHA-256. A run's
 * folder may come from anybody, and what is in its jars runs with all the rights of whoever goes on with it.
 *
 * @param folder where it is noted; empty where there is no place for it
 */
public record Trusted(Optional<Path> folder) {
    /** That of the user who runs this process, unless the framework property {@code kolotoc.trusted} names another folder. */
    public static Trusted of(BundleContext context) {
        try {
            return new Trusted(Optional.ofNullable(context.getProperty("kolotoc.trusted"))
                    .map(Path::of)
                    .or(() -> Optional.ofNullable(context.getProperty("user.home"))
                            .map(Path::of)
                            .filter(Files::isDirectory)
                            .map(home -> home.resolve(".kolotoc").resolve("trusted"))));
        } catch (InvalidPathException _) {
            return new Trusted(Optional.empty());
        }
    }

    boolean has(BundleContent content) {
        return folder.filter(place -> Files.isRegularFile(place.resolve(content.sha256()), LinkOption.NOFOLLOW_LINKS))
                .isPresent();
    }

    /** Notes it; where that can't be done, somebody is asked again. */
    void add(BundleContent content) {
        if (folder.isEmpty() || has(content)) {
            return;
        }
        try {
            Path place = folder.get();
            if (!Files.isDirectory(place)) {
                Files.createDirectories(place.getParent());
                if (place.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createDirectory(
                            place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                } else {
                    Files.createDirectory(place);
                }
            }
            Files.createFile(place.resolve(content.sha256()));
        } catch (FileAlreadyExistsException _) {
            // Another process noted it at the same time.
        } catch (IOException _) {
            // A home that can't be written to.
        }
    }
}
