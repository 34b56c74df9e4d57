package org.kolotoc.engine.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.DataFolders;
import org.kolotoc.engine.experiment.Origin;

/**
 * Where the data of an experiment is looked for.
 *
 * @param named folder given by the user
 * @param project its root
 * @param download whether missing public data may be fetched
 * @param origin of the experiment
 * @param locked what a run that goes on began with
 */
public record DataPlaces(
        Optional<Path> named, Path project, boolean download, Origin origin, Optional<LockedData> locked) {
    /** Folders of public data sets. */
    List<Path> folders() {
        return DataFolders.of(named, project);
    }

    /** Where a file of that path may lie, the likeliest place first. */
    List<Path> of(String path) {
        Path file = Path.of(path);
        Set<Path> places = new LinkedHashSet<>();
        if (file.isAbsolute()) {
            places.add(file);
            // A run that was carried elsewhere: its data may be named anew, since the lock tells whether it is the
            // same.
            if (locked.isPresent()) {
                named.ifPresent(folder -> {
                    for (int i = 1; i < file.getNameCount(); i++) {
                        places.add(folder.resolve(file.subpath(i, file.getNameCount())));
                    }
                });
            }
            return new ArrayList<>(places);
        }
        places.add(origin.folder().resolve(file).normalize());
        folders().forEach(folder -> places.add(folder.resolve(file)));
        remembered(path).ifPresent(places::add);
        return new ArrayList<>(places);
    }

    /** The same for a public file, which is in no experiment's folder. */
    List<Path> ofPublic(String path) {
        Set<Path> places = new LinkedHashSet<>();
        folders().forEach(folder -> places.add(folder.resolve(path)));
        remembered(path).ifPresent(places::add);
        return new ArrayList<>(places);
    }

    private Optional<Path> remembered(String path) {
        return locked.map(lock -> lock.files().get(path)).flatMap(LockedData.Entry::found);
    }

    /** Where a fetched file goes. */
    Path home(String path) {
        return project.resolve("data").resolve(path);
    }
}
