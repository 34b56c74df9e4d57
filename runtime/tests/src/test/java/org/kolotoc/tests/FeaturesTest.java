package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;

/** The feature files are what the standard (OSGi Compendium, chapter 159) says, read by another implementation of it. */
class FeaturesTest {
    @TestFactory
    Stream<DynamicTest> everyFileIsAStandardFeature() {
        List<Path> files = Assembled.files(Assembled.HOME.resolve("features"), ".json");
        assertFalse(files.isEmpty());
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName() + "", () -> {
                    Feature feature = read(Files.readString(file));
                    String name = file.getFileName().toString().replace(".json", "");
                    assertEquals("org.kolotoc", feature.getID().getGroupId());
                    assertEquals("kolotoc.feature." + name, feature.getID().getArtifactId());
                    assertEquals("osgifeature", feature.getID().getType().orElse(""));
                    assertEquals(name, feature.getName().orElse(""));
                    assertFalse(feature.getDescription().orElse("").isBlank(), "a feature says what it is for");
                    assertFalse(feature.getBundles().isEmpty());
                    for (FeatureBundle bundle : feature.getBundles()) {
                        Path jar =
                                Assembled.HOME.resolve("lib/" + bundle.getID().getArtifactId() + "-"
                                        + bundle.getID().getVersion() + ".jar");
                        assertTrue(Files.isRegularFile(jar), () -> bundle.getID() + " is not in the runtime: " + jar);
                    }
                }));
    }

    @Test
    void everyBundleOfTheRuntimeIsInOneFeature() throws IOException {
        Set<String> listed = new TreeSet<>();
        for (Path file : Assembled.files(Assembled.HOME.resolve("features"), ".json")) {
            for (FeatureBundle bundle : read(Files.readString(file)).getBundles()) {
                assertTrue(
                        listed.add(bundle.getID().getArtifactId() + "-"
                                + bundle.getID().getVersion() + ".jar"),
                        () -> bundle.getID() + " is listed twice");
            }
        }
        Set<String> there = Assembled.jars("lib").stream()
                .map(jar -> jar.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(there, listed);
    }

    @Test
    void aFileThatIsNoFeatureIsRefused() {
        String good = "{\"feature-resource-version\": \"1.0\", \"id\": \"g:a:1\", \"bundles\": [{\"id\": \"g:b:1\"}]}";
        assertDoesNotThrow(() -> read(good));
        for (String bad : List.of(
                good.replace("\"id\": \"g:a:1\", ", ""),
                good.replace("g:b:1", "b"),
                good.replace("\"id\": \"g:b:1\"", "\"name\": \"b\""),
                good.replace("}]}", "}"))) {
            assertThrows(Exception.class, () -> read(bad), bad);
        }
    }

    private static Feature read(String json) throws IOException {
        return new FeatureServiceImpl().readFeature(new StringReader(json));
    }
}
