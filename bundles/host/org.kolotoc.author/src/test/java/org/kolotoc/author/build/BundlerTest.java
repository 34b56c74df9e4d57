package org.kolotoc.author.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;

final class BundlerTest {
    private static final String POM = """
        <project>
          <artifactId>mine</artifactId><version>${revision}-SNAPSHOT</version>
          <properties><revision>1.2</revision></properties>
          <build><plugins><plugin>
            <artifactId>bnd-maven-plugin</artifactId>
            <configuration><bnd>Bundle-Name: a &amp; b</bnd></configuration>
          </plugin></plugins></build>
        </project>
        """;

    @TempDir
    Path folder;

    private Path source;

    @BeforeEach
    void aProject() throws IOException {
        Files.writeString(folder.resolve("pom.xml"), POM);
        source = Files.createDirectories(folder.resolve("src/main/java/mine")).resolve("Mine.java");
        Files.writeString(source, "package mine;\n\npublic record Mine(int one) {}\n");
        Files.createDirectories(folder.resolve("src/main/resources/mine"));
        Files.writeString(folder.resolve("src/main/resources/mine/words.txt"), "words");
    }

    private Outcome build(String qualifier) throws IOException {
        PluginProject project = PluginProject.read(folder);
        try (Bundler bundler =
                new Bundler(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .toList())) {
            return bundler.build(project, project.jar(), qualifier);
        }
    }

    private static Attributes manifest(Outcome outcome) throws IOException {
        try (JarFile jar = new JarFile(outcome.jar().toFile())) {
            assertTrue(jar.getEntry("mine/Mine.class") != null && jar.getEntry("mine/words.txt") != null);
            return jar.getManifest().getMainAttributes();
        }
    }

    @Test
    void aBundleIsWhatItsPomSays() throws IOException {
        Outcome outcome = build("");
        assertEquals(List.of(), outcome.said());
        assertEquals(folder.resolve("target/mine-1.2-SNAPSHOT.jar"), outcome.jar());
        Attributes manifest = manifest(outcome);
        assertEquals("mine", manifest.getValue("Bundle-SymbolicName"));
        assertEquals("1.2.0.SNAPSHOT", manifest.getValue("Bundle-Version"));
        assertEquals("a & b", manifest.getValue("Bundle-Name"));
        assertEquals("1.2.0.dev7", manifest(build("dev7")).getValue("Bundle-Version"));
    }

    @Test
    void theSameSourcesGiveTheSameBytes() throws IOException {
        byte[] first = Files.readAllBytes(build("").jar());
        assertArrayEquals(first, Files.readAllBytes(build("").jar()));
    }

    @Test
    void whatTheCompilerSaysHasFileLineAndText() throws IOException {
        byte[] before = Files.readAllBytes(build("").jar());
        Files.writeString(source, "package mine;\n\npublic record Mine(Nothing one) {}\n");
        Outcome outcome = build("");
        assertFalse(outcome.isBuilt());
        assertEquals(
                List.of(
                        "src/main/java/mine/Mine.java:3: error: cannot find symbol",
                        "  symbol:   class Nothing",
                        "  location: class mine.Mine",
                        "    public record Mine(Nothing one) {}",
                        "                       ^"),
                outcome.said());
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("target/mine-1.2-SNAPSHOT.jar")), "the jar stays");
    }

    @Test
    void whatWasRemovedIsInNoBundle() throws IOException {
        Path more = Files.writeString(source.resolveSibling("More.java"), "package mine;\n\nclass More {}\n");
        build("");
        Files.delete(more);
        try (JarFile jar = new JarFile(build("").jar().toFile())) {
            assertEquals(null, jar.getEntry("mine/More.class"));
        }
    }

    @Test
    void whatBndRefusesIsSaid() throws IOException {
        Files.writeString(folder.resolve("bnd.bnd"), "Provide-Capability: 'no name\n");
        Outcome outcome = build("");
        assertFalse(outcome.isBuilt());
        assertTrue(outcome.said().getFirst().startsWith("bnd: "), outcome.said()::toString);
    }

    /** A dependency of the pom that is none of the contracts. */
    @Test
    void jarsThatMavenCopiedAreCompiledAgainst() throws IOException {
        Path other =
                Files.createDirectories(folder.resolve("target/dependency")).resolve("other.jar");
        Path classes = Files.createDirectories(folder.resolve("other/other"));
        Path text = Files.writeString(classes.resolve("Other.java"), "package other;\n\npublic class Other {}\n");
        var compiler = javax.tools.ToolProvider.getSystemJavaCompiler();
        assertEquals(0, compiler.run(null, null, null, "-proc:none", text.toString()));
        Files.delete(text);
        try (var jar = new aQute.bnd.osgi.Jar("other", folder.resolve("other").toFile())) {
            jar.write(other.toFile());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        Files.writeString(source, "package mine;\n\npublic record Mine(other.Other one) {}\n");
        assertTrue(build("").isBuilt());
        Files.delete(other);
        Outcome outcome = build("");
        assertFalse(outcome.isBuilt());
        assertTrue(outcome.said().getLast().contains("mvn dependency:copy-dependencies"), outcome.said()::toString);
    }

    @Test
    void aFolderThatIsNoProjectIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        refused(empty, "has no pom.xml");
        refused(folder.resolve("nowhere"), "is no folder");
        Files.writeString(empty.resolve("pom.xml"), "<project><artifactId>");
        refused(empty, "is no pom");
        Files.writeString(empty.resolve("pom.xml"), "<project><artifactId>a</artifactId></project>");
        refused(empty, "has no <version>");
        Files.writeString(
                empty.resolve("pom.xml"),
                "<!DOCTYPE project [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><project>&e;</project>");
        refused(empty, "is no pom");
    }

    private static void refused(Path project, String why) {
        InputError error = assertThrows(InputError.class, () -> PluginProject.read(project));
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertFalse(error.next().isBlank(), error.getMessage());
    }
}
