package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code ./kolotoc new} makes works as it stands, for every kind: it compiles without a warning, passes its suite, becomes a
 * bundle, and its experiment meets its criteria in a container. All runs go on at once.
 */
final class NewPluginTest {
    @TempDir
    static Path folder;

    private static final Map<String, Launch> RUNS = new LinkedHashMap<>();
    private static List<String> kinds;

    @BeforeAll
    static void start() throws Exception {
        kinds = make();
        for (String kind : kinds) {
            Path jar = OutsideBundle.build(project(kind).resolve("src/main"), "my-" + kind, jars());
            List<Object> line = new ArrayList<>(
                    kind.equals("command")
                            ? List.of("my-command", Assembled.PROJECT.resolve("README.md"), "--most", 3)
                            : List.of(
                                    kind.equals("claim") ? "compare" : "run",
                                    project(kind).resolve(kind.equals("claim") ? "comparison.json" : "experiment.json"),
                                    "--out",
                                    run(kind),
                                    "--threads",
                                    1));
            if (kind.equals("probe")) {
                // It is looked into once all others are looked at.
                line.addAll(List.of("--set", "phases.0.steps=100000"));
            }
            line.addAll(List.of("--plugin", jar));
            RUNS.put(kind, Launch.start(line.toArray()));
        }
    }

    /** As the command does, in the bundle's own words; a process for each would take seconds. */
    @SuppressWarnings("unchecked")
    private static List<String> make() throws Exception {
        URL[] jars = {
            Assembled.jar("org.kolotoc.author").toUri().toURL(),
            Assembled.jar("org.kolotoc.api").toUri().toURL()
        };
        try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            Class<?> name = loader.loadClass("org.kolotoc.author.project.PluginName");
            Class<?> project = loader.loadClass("org.kolotoc.author.project.NewProject");
            List<String> all = (List<String>) project.getField("KINDS").get(null);
            for (String kind : all) {
                Object named =
                        name.getMethod("of", String.class, Optional.class).invoke(null, "my-" + kind, Optional.empty());
                Object made =
                        project.getConstructor(String.class, name, Path.class).newInstance(kind, named, Assembled.HOME);
                project.getMethod("write", Path.class).invoke(made, project(kind));
            }
            return List.copyOf(all);
        }
    }

    private static Path project(String kind) {
        return folder.resolve("my-" + kind);
    }

    private static Path jars() throws IOException {
        return Files.createDirectories(folder.resolve("jars"));
    }

    private static Path run(String kind) {
        return folder.resolve("run-" + kind);
    }

    @Test
    void everyPageForAuthorsIsAKind() throws IOException {
        assertEquals(
                Assembled.files(Assembled.PROJECT.resolve("docs/plugin"), ".md").stream()
                        .map(page -> page.getFileName().toString().replace(".md", ""))
                        .toList(),
                kinds.stream().sorted().toList());
    }

    /** What a bundle keeps to itself is said to be so in the table of the pages. */
    @Test
    void everyKindThatIsListedHasAPageOrIsSaidToBeClosed() throws IOException {
        List<String> table = Files.readAllLines(Assembled.PROJECT.resolve("docs/plugin.md"));
        String listed = Launch.run("list", "--json").expect(0).out();
        Set<String> all = new TreeSet<>();
        JsonParser.parseString(listed)
                .getAsJsonArray()
                .forEach(plugin -> all.add(plugin.getAsJsonObject().get("kind").getAsString()));
        assertTrue(all.containsAll(List.of("model", "claim", "judge", "objective")), all::toString);
        for (String kind : all) {
            boolean closed = table.stream()
                    .anyMatch(line -> line.startsWith("| " + kind + " |") && line.endsWith("| of that bundle alone |"));
            assertNotEquals(closed, kinds.contains(kind), kind);
        }
    }

    @TestFactory
    Stream<DynamicTest> eachPassesItsSuite() {
        return kinds.stream()
                .map(kind -> DynamicTest.dynamicTest(kind, () -> {
                    Path classes = Files.createDirectory(folder.resolve("classes-" + kind));
                    List<Path> sources = Assembled.files(project(kind).resolve("src"), ".java");
                    assertEquals(2, sources.size(), sources::toString);
                    try (var files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
                        Suites.compile(kind, files.getJavaFileObjectsFromPaths(sources), classes);
                    }
                    String suite = sources.getLast().getFileName().toString().replace(".java", "");
                    assertTrue(suite.endsWith("Test"), suite);
                    Suites.pass(kind, "my" + kind.replace("-", "") + "." + suite, classes);
                }));
    }

    @TestFactory
    Stream<DynamicTest> eachDoesInAContainerWhatItIsThereFor() {
        return kinds.stream()
                .map(kind -> DynamicTest.dynamicTest(kind, () -> {
                    if (kind.equals("probe")) {
                        Launch.Result read = Launch.run("probe", run(kind), "my-probe", "--once")
                                .expect(0);
                        assertTrue(read.out().matches("(?s)step \\d+, train, .*model/token.weight +\\d.*"), read.out());
                        Launch.run("stop", run(kind)).expect(0);
                        RUNS.get(kind).end().expect(130);
                        return;
                    }
                    Launch.Result result = RUNS.get(kind).end().expect(0);
                    if (kind.equals("command")) {
                        assertEquals(3, result.out().lines().count(), result.out());
                        return;
                    }
                    if (kind.equals("claim")) {
                        String judged = Files.readString(run(kind).resolve("comparison.json"));
                        assertTrue(judged.contains("\"verdict\": \"confirmed\""), judged);
                        assertTrue(judged.contains("6 of 6 pairs won"), judged);
                        return;
                    }
                    String lock = Files.readString(run(kind).resolve("lock.json"));
                    assertTrue(lock.contains("outside.my-" + kind), lock);
                    assertFalse(
                            Files.exists(run(kind).resolve("ledger.jsonl")),
                            () -> "something is done in another way than its experiment says:\n" + result.out());
                    assertTrue(
                            kind.equals("phase") || result.out().contains("verdict: met"),
                            () -> "no criterion is met:\n" + result.out());
                }));
    }

    /** Maven tells of the project what no other test does: its pom, its folders, its suite. */
    @Test
    void aProjectIsBuiltAndTestedByMavenAsAnOutsiderWouldAndTheSameByDev() throws Exception {
        OutsideMaven maven = OutsideMaven.find(folder.resolve("repository"));
        if (maven == null) {
            abort("not evaluated: Maven is not on the path, so no project can be built with it");
        }
        Path project = project("model");
        Path jar = project.resolve("target/my-model-1.0.0.jar");
        maven.build(project);
        assertTrue(
                Files.readString(project.resolve("target/surefire-reports/mymodel.MyModelTest.txt"))
                        .contains("Failures: 0, Errors: 0"),
                "its suite ran");
        Map<String, String> ofMaven = manifest(jar);
        Files.delete(jar);
        Launch.run("dev", project, "--once").expect(0);
        assertEquals(ofMaven, manifest(jar));
        Launch.run("list", "model", "--plugin", jar).expect(0);
    }

    /** What a bundle needs and gives. */
    private static Map<String, String> manifest(Path jar) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes all = file.getManifest().getMainAttributes();
            for (String name : List.of(
                    "Bundle-SymbolicName",
                    "Bundle-Version",
                    "Import-Package",
                    "Provide-Capability",
                    "Require-Capability",
                    "Service-Component")) {
                found.put(name, all.getValue(name));
            }
        }
        return found;
    }
}
