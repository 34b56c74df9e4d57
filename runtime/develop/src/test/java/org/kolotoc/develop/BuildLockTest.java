package org.kolotoc.develop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks are between processes, so another one holds it here. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BuildLockTest {
    @TempDir
    Path root;

    private final List<String> said = new ArrayList<>();

    /** Another process that takes the lock and keeps it until it is killed. */
    public static void main(String[] line) throws IOException, InterruptedException {
        BuildLock.take(Path.of(line[0]), "./kolotoc test (process 12)", System.out::println);
        System.out.println("mine");
        Thread.sleep(TimeUnit.MINUTES.toMillis(1));
    }

    private Process other() throws IOException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BuildLockTest.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .start();
        assertEquals("mine", other.inputReader().readLine());
        return other;
    }

    @Test
    void whoeverWaitsHearsForWhomAndGetsItWhenThatEnds() throws IOException {
        Process other = other();
        BuildLock lock = BuildLock.take(root, "this test", text -> {
            said.add(text);
            other.destroyForcibly();
        });
        lock.close();
        assertEquals(List.of("another process builds here: ./kolotoc test (process 12); waiting for its end"), said);
    }

    @Test
    void aKilledBuildLeavesNothingToWaitFor() throws Exception {
        other().destroyForcibly().waitFor();
        BuildLock.take(root, "this test", said::add).close();
        BuildLock.take(root, "again", said::add).close();
        assertEquals(List.of(), said);
    }

    @Test
    void aCloneThatCantBeWrittenIsRefusedAtOnce() throws IOException {
        Files.writeString(root.resolve("target"), "a file in the place of the folder");
        Problem problem = assertThrows(Problem.class, () -> BuildLock.take(root, "this test", said::add));
        assertTrue(
                problem.getMessage().startsWith("nothing can be built in " + root + ": " + root + "/target/build.lock"),
                problem::getMessage);
        assertEquals(List.of(), said);
    }
}
