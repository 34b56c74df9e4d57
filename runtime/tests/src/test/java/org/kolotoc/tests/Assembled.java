package org.kolotoc.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the repository and the assembled runtime lie. */
final class Assembled {
    /** Root of the repository. */
    static final Path PROJECT = Path.of("").toAbsolutePath().getParent().getParent();

    /** The runtime's folder, as {@code KOLOTOC_HOME} names it. */
    static final Path HOME = PROJECT.resolve("runtime/assembly/target/kolotoc");

    private Assembled() {}

    /** The jars in one of the runtime's folders and below, those with sources and Javadoc left out. */
    static List<Path> jars(String folder) {
        return files(HOME.resolve(folder), ".jar").stream()
                .filter(jar -> !jar.toString().matches(".*-(sources|javadoc)\\.jar"))
                .toList();
    }

    /** The runtime's jar of a bundle, whatever its version. */
    static Path jar(String bundle) {
        return jars("lib").stream()
                .filter(jar -> jar.getFileName().toString().matches(bundle.replace(".", "\\.") + "-\\d.*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no jar of " + bundle + " in " + HOME.resolve("lib")));
    }

    /** The manifests of all the project's own bundles, those of the tck and the launcher included. */
    static List<BundleManifest> ownBundles() {
        return Stream.of("lib", "launcher", "repo")
                .flatMap(folder -> jars(folder).stream())
                .filter(jar -> jar.getFileName().toString().startsWith("org.kolotoc."))
                .map(BundleManifest::read)
                .distinct()
                .toList();
    }

    /** Files below a folder whose names end so, sorted. */
    static List<Path> files(Path folder, String ending) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " is not there; do: ./kolotoc build", e);
        }
    }

    /** A folder with all that it has, as if somebody had sent it. */
    static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
        return to;
    }
}
