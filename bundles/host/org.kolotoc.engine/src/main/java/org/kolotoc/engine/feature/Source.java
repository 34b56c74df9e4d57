package org.kolotoc.engine.feature;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.osgi.framework.Version;
import org.osgi.resource.Resource;

/**
 * Where features come from: a folder, a feature file, an index of a repository, an archive of these, or the address of one.
 *
 * @param from an address, or a path that leads there from any folder
 * @param features of feature files
 * @param indexes whose bundles can be installed one by one, each with what it needs
 * @param unusable feature files of a folder by their names without {@code .json}, and what is wrong with each: it concerns who
 *     asks for them
 */
record Source(String from, List<Offered> features, List<Index> indexes, Map<String, InputError> unusable) {
    private static final List<String> INDEXES = List.of("repository.xml", "index.xml");

    /**
     * Opens one.
     *
     * @param sha256 of the file, for one that comes over a network
     * @param scratch a folder that is removed afterwards
     */
    static Source of(String from, Optional<String> sha256, Path scratch) {
        if (from.matches("https?://.*")) {
            URI address;
            try {
                address = URI.create(from);
            } catch (IllegalArgumentException e) {
                throw InputError.of("--from " + from + " is no address: " + e.getMessage(), "look at it again", e);
            }
            String name = address.getPath().replaceFirst(".*/", "");
            Path file = scratch.resolve(name.isEmpty() ? "index.xml" : name);
            Fetch.copy(address, sha256.orElse(""), "the file", file);
            return file(from, file, address, scratch);
        }
        Path path = path(from);
        if (Files.isDirectory(path)) {
            return folder(whole(path), path);
        }
        if (!Files.isRegularFile(path)) {
            throw InputError.of(
                    "--from " + from + ": there is no such file or folder",
                    "give a folder with feature files, a feature file, a repository.xml, a zip of these, or an"
                            + " address");
        }
        sha256.ifPresent(hash -> Fetch.copy(path.toUri(), hash, "the file " + path, scratch.resolve("checked")));
        return file(whole(path), path, path.toAbsolutePath().toUri(), scratch);
    }

    /** As it is found from any folder. */
    private static String whole(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private static Path path(String from) {
        try {
            return from.startsWith("file:") ? Path.of(URI.create(from)) : Path.of(from);
        } catch (IllegalArgumentException e) {
            throw InputError.of("--from " + from + " is neither a path nor an address: " + e.getMessage(), "", e);
        }
    }

    private static Source file(String from, Path file, URI address, Path scratch) {
        String name = file.getFileName().toString();
        if (name.endsWith(".json")) {
            return new Source(from, List.of(FeatureFile.read(file, address)), List.of(), Map.of());
        }
        if (name.endsWith(".xml")) {
            return new Source(from, List.of(), List.of(Index.read(file, address)), Map.of());
        }
        if (name.endsWith(".zip")) {
            Path folder = scratch.resolve("unpacked");
            Archive.unpack(file, folder);
            return folder(from, folder);
        }
        throw InputError.of(
                "--from " + from + ": expected a feature file (.json), an index (.xml) or an archive of these (.zip)",
                "./kolotoc feature --help; a bundle alone is plugged in with --plugin " + from);
    }

    private static Source folder(String from, Path folder) {
        List<Offered> features = new ArrayList<>();
        List<Index> indexes = new ArrayList<>();
        Map<String, InputError> unusable = new TreeMap<>();
        for (Path place : List.of(folder, folder.resolve("features"))) {
            for (Path file : files(place)) {
                String name = file.getFileName().toString();
                if (name.endsWith(".json") && isFeature(file)) {
                    try {
                        features.add(FeatureFile.read(file, file.toUri()));
                    } catch (InputError e) {
                        unusable.put(name.replaceFirst("[.]json$", ""), e);
                    }
                } else if (INDEXES.contains(name)) {
                    indexes.add(Index.read(file, file.toUri()));
                }
            }
        }
        if (features.isEmpty() && indexes.isEmpty()) {
            unusable.values().stream().findFirst().ifPresent(why -> {
                throw why;
            });
            throw InputError.of(
                    "the folder " + folder + " has neither a feature file nor a repository.xml",
                    "./kolotoc feature --help says what is looked for");
        }
        return new Source(from, features, indexes, unusable);
    }

    private static boolean isFeature(Path file) {
        try {
            return Files.size(file) < 1 << 20 && Files.readString(file).contains("\"feature-resource-version\"");
        } catch (IOException _) {
            return false;
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toAbsolutePath)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw InputError.of(
                    "the folder " + folder + " can't be read: " + Printable.reason(e), "look at its rights", e);
        }
    }

    /** All that is here: what can be installed, and feature files that can't, with the reason as their description. */
    List<Offered> listed() {
        List<Offered> listed = new ArrayList<>(all());
        unusable.forEach(
                (name, why) -> listed.add(new Offered(name, "", "can't be installed: " + why.getMessage(), List.of())));
        return listed;
    }

    private List<Offered> all() {
        List<Offered> all = new ArrayList<>(features);
        for (Index index : indexes) {
            index.resources().stream()
                    .filter(resource -> !Index.name(resource).isEmpty())
                    .map(resource -> new Offered(
                            Index.name(resource), Index.version(resource), "a bundle of the index", List.of()))
                    .forEach(all::add);
        }
        return all;
    }

    /**
     * A feature by its name; where an index has several versions, the highest.
     *
     * @throws InputError when there is none; names the nearest
     */
    Offered feature(String name) {
        return features.stream()
                .filter(feature -> feature.name().equals(name))
                .max(Comparator.comparing(feature -> version(feature.version())))
                .or(() -> indexed(name).map(resource -> new Offered(name, Index.version(resource), "", List.of())))
                .orElseThrow(() -> {
                    if (unusable.containsKey(name)) {
                        return unusable.get(name);
                    }
                    List<String> known =
                            all().stream().map(Offered::name).distinct().toList();
                    return InputError.of(
                            "there is no feature '" + name + "' in " + from + Nearest.hint(name, known) + " (there "
                                    + (known.isEmpty() ? "are none" : "is " + String.join(", ", known)) + ")",
                            "./kolotoc feature list --from " + from);
                });
    }

    /** A bundle of an index by its name. */
    Optional<Resource> indexed(String name) {
        return indexes.stream()
                .flatMap(index -> index.resources().stream())
                .filter(resource -> Index.name(resource).equals(name))
                .max(Comparator.comparing(resource -> version(Index.version(resource))));
    }

    /** Where the jar of a bundle of an index is. */
    Offered.Item item(Resource resource) {
        return indexes.stream()
                .filter(index -> index.resources().contains(resource))
                .findFirst()
                .orElseThrow()
                .item(resource);
    }

    /** A version as OSGi orders them; what is none comes first. */
    static Version version(String text) {
        try {
            return Version.parseVersion(text);
        } catch (IllegalArgumentException _) {
            return Version.emptyVersion;
        }
    }
}
