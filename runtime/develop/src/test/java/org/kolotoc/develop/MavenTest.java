package org.kolotoc.develop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build by a program that prints what Maven prints. */
final class MavenTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Children children = new Children();

    private Maven maven(String script, boolean terminal) throws IOException {
        Path program = Files.writeString(folder.resolve("mvn"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new Maven(program, folder, children, new PrintStream(said, true, StandardCharsets.UTF_8), terminal);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private Path log() {
        return folder.resolve("logs/build.log");
    }

    private static final String TWO = """
        echo '[INFO] Building org.a 0.1.0                 [1/2]'
        echo '[INFO] Building org.b 0.1.0                 [2/2]'
        """;

    @Test
    void modulesAreToldALineEachAndAllIsInTheLog() throws Exception {
        assertTrue(maven(TWO + "echo \"$*\" in $PWD", false).run("building", log(), List.of("package", "-am")));
        assertEquals(
                List.of("building 1/2 org.a", "building 2/2 org.b"),
                said().lines().map(line -> line.replaceFirst(", \\d+ s$", "")).toList());
        assertTrue(Files.readString(log())
                .endsWith("-B -f " + folder + "/pom.xml package -am in "
                        + folder.toRealPath().getParent() + "\n"));
    }

    @Test
    void onATerminalOneLineIsDrawnAndTakenAway() throws Exception {
        assertTrue(maven(TWO, true).run("building", log(), List.of()));
        assertTrue(said().contains("\r\033[Kbuilding [==========          ] 1/2 modules, 0 s, org.b"), said());
        assertTrue(said().endsWith("\r\033[K"), said());
        assertFalse(said().contains("\n"), said());
    }

    @Test
    void whatFailsIsTold() throws Exception {
        String errors = """
            echo '[INFO] compiling'
            echo '[ERROR] Broken.java:[3,5] cannot find symbol'
            echo '[ERROR] Broken.java:[3,5] cannot find symbol'
            echo '[ERROR] '
            echo '[ERROR] For more information about the errors'
            exit 1
            """;
        assertFalse(maven(TWO + errors, false).run("building", log(), List.of()));
        assertTrue(said().endsWith("[ERROR] Broken.java:[3,5] cannot find symbol\nwhole log: " + log() + "\n"), said());
        assertEquals(1, said().split("cannot find symbol", -1).length - 1, "said once");
    }

    /** The same text in every locale: numbers and messages are read here. */
    @Test
    void mavenRunsInOneLanguage() throws Exception {
        assertTrue(maven("echo \"$MAVEN_OPTS\"", false).run("building", log(), List.of()));
        assertTrue(Files.readString(log()).contains("-Duser.language=en "), Files.readString(log()));
    }

    @Test
    void nothingThatWasStartedOutlivesTheEnd() throws Exception {
        Path pids = folder.resolve("pids");
        Maven maven = maven(
                "trap '' TERM\n(trap '' TERM; echo $$ >>" + pids + "; exec sleep 100) &\nsleep 100 & echo $! >>" + pids
                        + "\necho ready\nwait",
                false);
        Thread build = Thread.ofVirtual().start(() -> {
            try {
                maven.run("building", log(), List.of());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!Files.exists(pids) || Files.readAllLines(pids).size() < 2) {
            Thread.sleep(10);
        }
        List<ProcessHandle> started = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("sleep")
                        || process.parent()
                                .map(p -> p.pid() == ProcessHandle.current().pid())
                                .orElse(false))
                .toList();
        assertTrue(started.size() >= 2, started::toString);
        children.end();
        for (ProcessHandle process : started) {
            process.onExit().get(5, TimeUnit.SECONDS);
        }
        assertTrue(build.join(java.time.Duration.ofSeconds(5)));
        assertFalse(said().contains("whole log"), "an end that was asked for is no failure: " + said());
    }

    @Test
    void aPathWithoutMavenIsToldHowToGetIt() throws IOException {
        maven("", false);
        assertEquals(folder.resolve("mvn"), Maven.find("/nowhere:" + folder));
        Problem problem = assertThrows(Problem.class, () -> Maven.find("/nowhere:/else"));
        assertTrue(problem.getMessage().contains("Get it: apt install maven"));
    }

    @Test
    void theLongestListOfErrorsIsCut() throws IOException {
        Files.createDirectories(log().getParent());
        Files.write(
                log(),
                Stream.iterate(1, n -> n + 1)
                        .limit(100)
                        .map(n -> "[ERROR] number " + n)
                        .toList());
        List<String> telling = new BuildLog(log()).telling();
        assertEquals(30, telling.size());
        assertEquals("[ERROR] number 100", telling.getLast());
    }
}
