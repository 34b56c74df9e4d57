package org.kolotoc.tck;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.kolotoc.api.DataFolders;

/**
 * Files of public data sets that a test compares with. They do not ship with the project: a test that needs an absent
 * one is reported as skipped, with a sentence that begins with «not evaluated».
 */
public final class TestData {
    private TestData() {}

    /** A file by its path below a data folder: the one named by {@code KOLOTOC_DATA}, the project's, its neighbour's. */
    public static Path file(String path) {
        List<Path> folders = folders();
        for (Path folder : folders) {
            Path file = folder.resolve(path);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return Assumptions.abort(
                "not evaluated: " + path + " is in none of " + folders + "; set KOLOTOC_DATA to a folder that has it");
    }

    private static List<Path> folders() {
        return DataFolders.of(Optional.empty(), project(Path.of("").toAbsolutePath()));
    }

    private static Path project(Path folder) {
        for (Path above = folder; above != null; above = above.getParent()) {
            if (Files.isDirectory(above.resolve("bundles"))) {
                return above;
            }
        }
        return folder;
    }
}
