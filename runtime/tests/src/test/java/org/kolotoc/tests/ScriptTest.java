package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script by itself, with a pretended JDK: what it starts, when it builds, and what it makes of signals and ends. */
@DisabledOnOs(OS.WINDOWS)
final class ScriptTest {
    private static final String MAIN = "org.kolotoc.launcher.Main";

    @TempDir
    Path folder;

    private FakeJdk jdk;

    private Clone clone(String script) throws IOException {
        jdk = FakeJdk.make(folder.resolve("jdk"), 25, script);
        return Clone.make(folder.resolve("clone"), jdk.folder());
    }

    /** A file that a person can read as a whole. */
    @Test
    void theScriptIsShort() throws IOException {
        List<String> lines = Files.readAllLines(Assembled.PROJECT.resolve("kolotoc"));
        assertTrue(lines.size() <= 150, "it has " + lines.size() + " lines");
        assertTrue(lines.stream().allMatch(line -> line.length() <= 140), "and they are no longer");
    }

    @Test
    void aBuiltRuntimeIsStartedWithTheArgumentsAsTheyAre() throws IOException {
        Clone clone = clone("exit $end");
        clone.run("run", "a b.json", "--set", "model={\"id\": \"x\"}", "", "*").expect(0);
        List<String> said = jdk.said();
        assertEquals(
                List.of("run", "a b.json", "--set", "model={\"id\": \"x\"}", "", "*"),
                said.subList(said.indexOf(MAIN) + 1, said.size()));
        assertEquals(1, said.stream().filter("java"::equals).count(), said::toString);
        assertTrue(said.contains(
                "@" + clone.root().toRealPath() + "/runtime/assembly/target/kolotoc/launcher/jvm.options"));
        assertTrue(said.contains("-Dkolotoc.project=" + clone.root().toRealPath()), said::toString);
    }

    @Test
    void aLinkToTheScriptIsTheScript() throws IOException {
        Clone clone = clone("exit $end");
        Path links = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("one"), Path.of("../clone/kolotoc"));
        Files.createSymbolicLink(links.resolve("two"), Path.of("one"));
        ProcessBuilder builder = new ProcessBuilder(links.resolve("two").toString(), "list").directory(links.toFile());
        builder.environment().put("KOLOTOC_JAVA_HOME", jdk.folder().toString());
        Launch.startLine(builder).end().expect(0);
        assertTrue(jdk.said().contains("-Dkolotoc.project=" + clone.root().toRealPath()), jdk.said()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "features/core.json",
                "bundles/host/org.kolotoc.a/src/main/java/A.java",
                "bundles/host/org.kolotoc.a/bnd.bnd",
                "runtime/launcher/jvm.options",
                "runtime/develop/src/main/java/A.java",
                "runtime/assembly/pom.xml",
            })
    void whateverIsNewerThanTheBuildIsBuiltFirst(String file) throws IOException, InterruptedException {
        Clone clone = clone("exit $end");
        Thread.sleep(20);
        clone.change(file);
        clone.run("list").expect(0);
        assertEquals(
                List.of("build", MAIN),
                jdk.said().stream().filter(List.of("build", MAIN)::contains).toList());
        assertTrue(jdk.said().stream().anyMatch(argument -> argument.endsWith("/org/kolotoc/develop/Main.java")));
    }

    @Test
    void whatIsNoPartOfTheRuntimeIsNotBuilt() throws IOException, InterruptedException {
        Clone clone = clone("exit $end");
        Thread.sleep(20);
        for (String file : List.of(
                "README.md",
                "bundles/host/org.kolotoc.a/src/test/java/A.java",
                "runtime/tests/pom.xml",
                "bench/pom.xml")) {
            clone.change(file);
        }
        Files.setLastModifiedTime(
                clone.root().resolve("runtime/assembly/target/kolotoc/.built"),
                java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 1000));
        clone.run("list").expect(0);
        assertFalse(jdk.said().contains("build"), jdk.said()::toString);
        clone.run("build").expect(0).says("built: ");
        assertFalse(jdk.said().contains("build"), jdk.said()::toString);
    }

    /** The number that the script drew, more or less: nothing but the program's own end is 0 or 1. */
    @ParameterizedTest
    @CsvSource({
        "exit $end, 0",
        "exit $((end + 1)), 1",
        "exit $((end + 2)), 2",
        "exit $((end + 4)), 4",
        "exit $((end + 5)), 5",
        "exit 0, 5",
        "exit 1, 5",
        "exit 2, 5",
        "exit 7, 5",
        "exit $((end - 1)), 5",
        "exit $((end + 6)), 5",
        "kill -KILL $$, 5",
        "kill -SEGV $$, 5",
        "exit 130, 130",
        "exit 143, 143",
        "kill -TERM $$, 143",
        "kill -HUP $$, 129",
    })
    void theExitCodeTellsTheProgramsOwnEndFromOthers(String script, int code) throws IOException {
        Launch.Result result = clone(script).run("run");
        assertEquals(code, result.code(), result.err());
        boolean own = code != 5 || script.contains("+ 5");
        assertEquals(!own, result.err().contains("before the program's own end"), result.err());
    }

    @Test
    void whoeverEndsTheRunTheNextCommandIsTold() throws IOException {
        Clone clone = clone("for a in \"$@\"; do [[ $a != -Dkolotoc.note=* ]] || echo './kolotoc run --resume runs/a' >"
                + " \"${a#*=}\"; done; exit 0");
        Launch.Result result = clone.run("run");
        assertEquals(5, result.code());
        result.says("kolotoc: the JVM ended with code 0 before the program's own end\n"
                + "  do: ./kolotoc run --resume runs/a\n");
    }

    @Test
    void aBuildThatFailsEndsTheCommand() throws IOException, InterruptedException {
        Clone clone = clone("exit $((end + 2))");
        Thread.sleep(20);
        clone.change("pom.xml");
        clone.run("run").expect(2);
        assertFalse(jdk.said().contains(MAIN));
    }

    /** A signal to the script alone reaches the JVM, once, and the script waits for what that makes of it. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void signalsReachTheJvm(String signal) throws IOException, InterruptedException {
        Clone clone = clone("trap 'echo heard " + signal + "' " + signal
                + "\necho ready\nfor i in 1 2 3 4 5 6 7 8; do sleep 0.1; done\nexit $((end + 3))");
        Launch launch = clone.start("run");
        launch.await("the JVM", () -> launch.soFar().contains("ready"));
        launch.signal(signal);
        Launch.Result result = launch.end();
        assertEquals("ready\nheard " + signal + "\n", result.out());
        assertEquals(3, result.code(), result.err());
    }

    @Test
    void theJvmHasAGroupOfItsOwnAndStandardInput() throws IOException {
        // There is a group of that number only where the JVM leads it.
        Launch.Result result = clone("kill -0 -- -$$ && exit $end").run("run");
        assertEquals(0, result.code(), result.err());
    }

    /** Who reads a terminal from another group of processes is stopped. */
    @Test
    void theTerminalBelongsToWhoReadsLines() throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/script")) && Files.isExecutable(Path.of("/usr/bin/ps")),
                "not evaluated: no terminal can be made here");
        String groups = "set -- $(ps -o pgid=,tpgid= -p $$); echo $1 $2; ";
        Launch.Result shell =
                clone(groups + "[ $1 = $2 ] || exit 99; exit $end").typed("shell");
        assertEquals(0, shell.code(), shell.out());
    }

    @Test
    void temporaryFilesGoWithTheScript() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Clone clone = clone("echo ready; sleep 60 & wait");
        Launch launch = clone.start(folder, Map.of("TMPDIR", temporary.toString()), "run");
        launch.await("the JVM", () -> launch.soFar().contains("ready"));
        assertTrue(jdk.said().contains("-Djava.io.tmpdir=" + temporary), jdk.said()::toString);
        launch.signal("TERM");
        assertEquals(143, launch.end().code());
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aTemporaryFolderThatIsNoneIsNamed() throws IOException {
        clone("exit $end")
                .start(folder, Map.of("TMPDIR", "/nowhere"), "list")
                .end()
                .expect(2)
                .says("no file can be made in /nowhere", "TMPDIR=<folder>");
    }

    @ParameterizedTest
    @CsvSource({
        "JAVA_TOOL_OPTIONS, -XX:+UseParallelGC -Xmx1g, false",
        "_JAVA_OPTIONS, -Xmx1g -XX:+UseZGC, false",
        "JDK_JAVA_OPTIONS, -XX:+UseG1GC, false",
        "JAVA_TOOL_OPTIONS, -XX:+UseStringDeduplication, true",
        "JAVA_TOOL_OPTIONS, -Xmx1g, true",
    })
    void aCollectorThatTheUserChoseHolds(String variable, String options, boolean ours) throws IOException {
        clone("exit $end")
                .start(folder, Map.of(variable, options), "list")
                .end()
                .expect(0);
        assertEquals(ours, jdk.said().contains("-XX:+UseSerialGC"), jdk.said()::toString);
    }

    @Test
    void jdksAreLookedForAndTooOldOnesAreNamed() throws IOException {
        Clone clone = clone("exit $end");
        Path old = FakeJdk.make(folder.resolve("old"), 17, "").folder();
        Path none = Files.createDirectories(folder.resolve("none"));
        assertEquals(jdk.folder() + "\n", clone.run("jdk").expect(0).out());
        Map<String, String> environment = Map.of("KOLOTOC_JAVA_HOME", "", "HOME", "", "PATH", "/usr/bin:/bin");
        for (String name : List.of("JAVA_HOME", "JAVA25_HOME", "JAVA_HOME_25_X64")) {
            Map<String, String> more = new java.util.HashMap<>(environment);
            more.put(name, jdk.folder().toString());
            assertEquals(
                    jdk.folder() + "\n",
                    clone.start(folder, more, "jdk").end().expect(0).out());
        }
        clone.start(folder, Map.of("KOLOTOC_JAVA_HOME", old.toString()), "jdk")
                .end()
                .expect(2)
                .says("is JDK 17; 25 or newer is needed");
        clone.start(folder, Map.of("KOLOTOC_JAVA_HOME", none.toString()), "jdk")
                .end()
                .expect(2)
                .says("is no JDK (bin/java, bin/javac and release expected)");
    }

    @Test
    void theUsersJdksAreFound() throws IOException {
        Clone clone = clone("exit $end");
        Path home = Files.createDirectories(folder.resolve("my home"));
        Path there = FakeJdk.make(home.resolve(".sdkman/candidates/java/99.0-tem"), 99, "")
                .folder();
        Map<String, String> environment = Map.of(
                "KOLOTOC_JAVA_HOME",
                "",
                "HOME",
                home.toString(),
                "JAVA_HOME",
                FakeJdk.make(folder.resolve("old"), 17, "").folder().toString(),
                "PATH",
                "/usr/bin:/bin");
        String found =
                clone.start(folder, environment, "jdk").end().expect(0).out().strip();
        // The machine's own JDKs come first, where it has one.
        assertTrue(
                found.equals(there.toString())
                        || found.startsWith("/usr/")
                        || found.startsWith("/opt/")
                        || found.startsWith("/Library/"),
                found);
    }
}
