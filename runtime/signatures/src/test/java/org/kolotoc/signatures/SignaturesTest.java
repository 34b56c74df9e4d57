package org.kolotoc.signatures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.TaskGraph;

/** The signatures say what TornadoVM's own jars say; and a difference would be found. */
class SignaturesTest {
    private static final String OWN = "org/kolotoc/";
    private static final String JVMCI = "jdk/vm/ci/";

    @Test
    void theyAreThoseOfTheInstalledTornadoVM() throws IOException {
        Optional<Path> sdk = sdk();
        assumeTrue(sdk.isPresent(), "not evaluated: no TornadoVM SDK");
        Map<String, Surface> real = real(sdk.get().resolve("share/java/tornado"));
        assertTrue(real.size() > 100, () -> "too few classes in " + sdk.get() + ": " + real.size());
        List<String> differences = differences(ours(), real);
        assertTrue(differences.isEmpty(), () -> String.join("\n", differences));
    }

    @Test
    void typesOfTheCompilerInterfaceAreInTheJdk() throws IOException {
        FileSystem jdk = FileSystems.getFileSystem(URI.create("jrt:/"));
        for (Surface ours : ours().values()) {
            if (ours.name().startsWith(JVMCI)) {
                Surface theirs = Surface.read(jdk.getPath("modules", "jdk.internal.vm.ci", ours.name() + ".class"));
                assertEquals(theirs.kind(), ours.kind(), ours.name());
                assertTrue(ours.members().isEmpty(), () -> ours.name() + " is there as a type alone");
            }
        }
    }

    @Test
    void everyDifferenceIsFound() throws IOException {
        Map<String, Surface> ours = ours();
        Surface mode = ours.get("uk/ac/manchester/tornado/api/enums/DataTransferMode");
        Surface task = ours.get("uk/ac/manchester/tornado/api/common/TornadoFunctions$Task1");
        assertEquals(List.of(), differences(ours, ours));
        assertDifference(ours, mode, new Surface(mode.name(), "interface", mode.parents(), mode.members(), Set.of()));
        assertDifference(ours, mode, new Surface(mode.name(), mode.kind(), Set.of("x/Y"), mode.members(), Set.of()));
        assertDifference(ours, mode, new Surface(mode.name(), mode.kind(), mode.parents(), Map.of(), Set.of()));
        Map<String, String> other = new TreeMap<>(mode.members());
        assertEquals("static, constant 1", other.put("EVERY_EXECUTION:I", "static, constant 7"));
        assertDifference(ours, mode, new Surface(mode.name(), mode.kind(), mode.parents(), other, Set.of()));
        assertDifference(
                ours, task, new Surface(task.name(), task.kind(), task.parents(), task.members(), Set.of("b()V")));
        Map<String, Surface> without = new TreeMap<>(ours);
        without.remove(mode.name());
        assertEquals(List.of(mode.name() + " is not there"), differences(ours, without));
    }

    private static void assertDifference(Map<String, Surface> ours, Surface mine, Surface theirs) {
        Map<String, Surface> real = new TreeMap<>(ours);
        real.put(theirs.name(), theirs);
        List<String> found = differences(ours, real);
        assertTrue(!found.isEmpty() && found.stream().allMatch(line -> line.startsWith(mine.name())), found::toString);
    }

    @Test
    void nothingCanRun() {
        assertThrows(Signature.class, () -> new TaskGraph("graph"));
    }

    /** A sentence for each thing that a class compiled against ours would miss in the real one. */
    private static List<String> differences(Map<String, Surface> ours, Map<String, Surface> real) {
        List<String> found = new ArrayList<>();
        for (Surface mine : ours.values()) {
            if (mine.name().startsWith(OWN) || mine.name().startsWith(JVMCI)) {
                continue;
            }
            Surface theirs = real.get(mine.name());
            if (theirs == null) {
                found.add(mine.name() + " is not there");
                continue;
            }
            if (!mine.kind().equals(theirs.kind())) {
                found.add(mine.name() + " is of the kind " + theirs.kind() + ", not " + mine.kind());
            }
            mine.parents().stream()
                    .filter(parent -> !theirs.parents().contains(parent))
                    .forEach(parent -> found.add(mine.name() + " extends " + theirs.parents() + ", not " + parent));
            mine.members().forEach((member, traits) -> {
                String other = theirs.members().get(member);
                if (!traits.equals(other)) {
                    found.add(mine.name() + "." + member + " is " + (other == null ? "not there" : other) + "; ours: "
                            + traits);
                }
            });
            if (mine.implemented() && !mine.abstracts().equals(theirs.abstracts())) {
                found.add(mine.name() + " asks its implementers for " + theirs.abstracts() + ", ours for "
                        + mine.abstracts());
            }
        }
        return found;
    }

    private static Map<String, Surface> ours() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target/classes"))) {
            Map<String, Surface> found = new TreeMap<>();
            for (Path file : files.filter(SignaturesTest::isClass).toList()) {
                Surface surface = Surface.read(file);
                found.put(surface.name(), surface);
            }
            return found;
        }
    }

    private static boolean isClass(Path file) {
        return file.toString().endsWith(".class") && !file.endsWith("package-info.class");
    }

    /** The public classes of TornadoVM's interface and runtime. */
    private static Map<String, Surface> real(Path jars) throws IOException {
        Map<String, Surface> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(jars)) {
            for (Path jar : files.filter(f -> f.getFileName().toString().matches("tornado-(api|runtime)-.*\\.jar"))
                    .toList()) {
                try (FileSystem content = FileSystems.newFileSystem(jar);
                        Stream<Path> tree = Files.walk(content.getPath("/"))) {
                    for (Path file : tree.filter(SignaturesTest::isClass).toList()) {
                        try (InputStream in = Files.newInputStream(file)) {
                            Surface surface = Surface.of(ClassFile.of().parse(in.readAllBytes()));
                            found.put(surface.name(), surface);
                        }
                    }
                }
            }
        }
        return found;
    }

    /** The folder that TORNADOVM_HOME names, else SDKMAN's current one. */
    private static Optional<Path> sdk() {
        String sdkman = System.getenv().getOrDefault("SDKMAN_DIR", System.getProperty("user.home") + "/.sdkman");
        return Stream.of(System.getenv("TORNADOVM_HOME"), sdkman + "/candidates/tornadovm/current")
                .filter(folder -> folder != null && !folder.isBlank())
                .map(Path::of)
                .filter(folder -> Files.isDirectory(folder.resolve("share/java/tornado")))
                .findFirst();
    }
}
