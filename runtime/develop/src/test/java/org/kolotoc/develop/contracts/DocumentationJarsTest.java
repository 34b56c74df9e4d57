package org.kolotoc.develop.contracts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentationJarsTest {
    @TempDir
    Path folder;

    private Path javadoc;

    @BeforeEach
    void anExportedPackage() throws IOException {
        javadoc = folder.resolve("p-1-javadoc.jar");
        write("package-info.java", """
            @Export
            @Version("0.1.0")
            package p;

            import org.osgi.annotation.bundle.Export;
            import org.osgi.annotation.versioning.Version;
            """);
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve("src/p"));
        Files.writeString(folder.resolve("src/p").resolve(name), text);
    }

    private List<String> make() throws IOException {
        return new DocumentationJars(System.getProperty("java.class.path"))
                .make(List.of(new DocumentationJars.Bundle("p 1", folder.resolve("src"), folder.resolve("p-1.jar"))));
    }

    /** One test for all: a run of javadoc takes a second. */
    @Test
    void javadocIsMadeOfSourcesWithoutFaultsAndAnewWhenTheyChange() throws IOException {
        write("A.java", "package p;\n/** See {@link Nobody}. */\npublic class A {}\n");
        List<String> faults = make();
        assertTrue(faults.getFirst().contains("A.java:2: error: reference not found"), faults::toString);
        assertFalse(Files.exists(javadoc));

        write("A.java", "package p;\n/** One. */\npublic class A {}\n");
        assertEquals(List.of(), make());
        try (JarFile sources = new JarFile(folder.resolve("p-1-sources.jar").toFile());
                JarFile pages = new JarFile(javadoc.toFile())) {
            assertTrue(sources.getEntry("p/A.java") != null && pages.getEntry("p/A.html") != null);
        }
        byte[] first = Files.readAllBytes(javadoc);
        Files.writeString(javadoc, "mine");
        assertEquals(List.of(), make());
        assertEquals("mine", Files.readString(javadoc), "nothing changed, nothing is made");
        Files.delete(javadoc);
        assertEquals(List.of(), make());
        assertArrayEquals(first, Files.readAllBytes(javadoc), "same sources, same bytes");
    }
}
