package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** One name, four places: folder, artifactId, Bundle-SymbolicName, root package. And what is public says so. */
class NamesTest {
    private static final Pattern ARTIFACT =
            Pattern.compile("</parent>.*?<artifactId>(org\\.kolotoc\\.[^<]+)</artifactId>", Pattern.DOTALL);
    private static final Pattern EXPORTED = Pattern.compile("^@Export\\b", Pattern.MULTILINE);
    private static final Pattern VERSIONED = Pattern.compile("^@Version\\(", Pattern.MULTILINE);

    private final Map<String, BundleManifest> manifests =
            Assembled.ownBundles().stream().collect(Collectors.toMap(BundleManifest::name, Function.identity()));

    @TestFactory
    Stream<DynamicTest> folderArtifactBundleAndPackageHaveOneName() throws IOException {
        return folders().stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName() + "", () -> {
                    String name = folder.getFileName().toString();
                    assertEquals(name, artifactId(folder), "artifactId in " + folder.resolve("pom.xml"));
                    assertTrue(
                            manifests.containsKey(name),
                            () -> "no built bundle has the symbolic name " + name + "; there are "
                                    + manifests.keySet());
                    for (String path : packages(folder).keySet()) {
                        assertTrue(
                                path.equals(name) || path.startsWith(name + "."),
                                () -> "package " + path + " does not begin with the name of its bundle, " + name);
                        assertFalse(
                                path.matches(".*\\.(internal|impl)(\\..*)?"),
                                () -> "package " + path
                                        + ": what is not exported is private already; name what it does");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> aPackageIsExportedExactlyWhenItSaysSo() throws IOException {
        return folders().stream()
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName() + "", () -> {
                    Set<String> marked = new TreeSet<>();
                    for (Map.Entry<String, Path> entry : packages(folder).entrySet()) {
                        Path info = entry.getValue().resolve("package-info.java");
                        assertTrue(
                                Files.isRegularFile(info),
                                () -> "package " + entry.getKey() + " has no package-info.java");
                        String text = Files.readString(info);
                        if (EXPORTED.matcher(text).find()) {
                            assertTrue(VERSIONED.matcher(text).find(), () -> info + " has @Export without @Version");
                            marked.add(entry.getKey());
                        }
                    }
                    assertEquals(
                            marked,
                            manifests.get(folder.getFileName().toString()).exports(),
                            "@Export against Export-Package");
                }));
    }

    @Test
    void everyBuiltBundleHasItsFolder() throws IOException {
        Set<String> names = new TreeSet<>(manifests.keySet());
        folders().forEach(folder -> names.remove(folder.getFileName().toString()));
        assertEquals(
                Set.of("org.kolotoc.develop", "org.kolotoc.launcher"),
                names,
                "built bundles without a folder in bundles/");
    }

    @Test
    void noBundleIsSingleton() {
        manifests.values().forEach(m -> assertFalse(isSingleton(m), m.nameHeader()));
        assertTrue(isSingleton(new BundleManifest("a", "a;singleton:=true", Set.of(), Set.of(), "", Set.of())));
        assertTrue(isSingleton(new BundleManifest("a", "a; singleton:=\"true\"", Set.of(), Set.of(), "", Set.of())));
    }

    /** A singleton bundle cannot lie beside its own next version, so it could not be swapped without a gap. */
    private static boolean isSingleton(BundleManifest manifest) {
        return manifest.nameHeader().replaceAll("[\\s\"]", "").contains("singleton:=true");
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> list = Files.find(
                Assembled.PROJECT.resolve("bundles"),
                2,
                (folder, _) -> Files.isRegularFile(folder.resolve("pom.xml")))) {
            return list.sorted().toList();
        }
    }

    private static String artifactId(Path folder) throws IOException {
        Matcher found = ARTIFACT.matcher(Files.readString(folder.resolve("pom.xml")));
        return found.find() ? found.group(1) : "";
    }

    /** Packages with sources, by name. */
    private static Map<String, Path> packages(Path folder) {
        Path root = folder.resolve("src/main/java");
        if (!Files.isDirectory(root)) {
            return Map.of();
        }
        return Assembled.files(root, ".java").stream()
                .map(Path::getParent)
                .distinct()
                .collect(Collectors.toMap(p -> root.relativize(p).toString().replace('/', '.'), Function.identity()));
    }
}
