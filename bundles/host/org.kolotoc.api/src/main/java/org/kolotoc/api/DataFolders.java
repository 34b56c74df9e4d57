package org.kolotoc.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where data files are looked for, in order: the one place that knows. */
public final class DataFolders {
    private DataFolders() {}

    /**
     * The folders.
     *
     * @param named given by the user
     * @param project root of the project
     */
    public static List<Path> of(Optional<Path> named, Path project) {
        List<Path> folders = new ArrayList<>();
        named.ifPresent(folders::add);
        String environment = System.getenv("KOLOTOC_DATA");
        if (environment != null && !environment.isBlank()) {
            folders.add(Path.of(environment));
        }
        folders.add(project.resolve("data"));
        folders.add(project.resolve("../shared/data").toAbsolutePath().normalize());
        return folders;
    }
}
