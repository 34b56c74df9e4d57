package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run in a process of its own is the same run: its bytes, what there is to read of it, how it stops and how it is refused. */
@DisabledOnOs(OS.WINDOWS)
final class IsolatedTest {
    @TempDir
    Path folder;

    private List<String> metrics(String run) throws IOException {
        return Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", ""))
                .toList();
    }

    @Test
    void itIsTheSameRun() throws Exception {
        Launch plain = Launch.start(Tiny.run(folder.resolve("plain"), 6, "--json"));
        Launch isolated = Launch.start(Tiny.run(folder.resolve("isolated"), 6, "--json", "--isolated"));
        Launch refused =
                Launch.start(Tiny.run(folder.resolve("refused"), 6, "--isolated", "--set", "phases.0.learningRate=-1"));
        Launch stopped = Launch.start(Tiny.run(folder.resolve("stopped"), 100_000, "--isolated", "--quiet"));
        stopped.await("its socket", () -> Files.exists(folder.resolve("stopped/control.sock")));
        long own = ProcessHandle.of(stopped.pid()).orElseThrow().children().count();
        assertEquals(1, own, "processes of the run");
        stopped.interrupt();
        Launch.Result end = stopped.end().expect(130).says("stopped and saved after step ");
        assertEquals(1, end.err().split("stopping when", -1).length - 1, end.err());

        Launch.Result one = plain.end().expect(0);
        Launch.Result other = isolated.end().expect(0);
        assertEquals(metrics("plain"), metrics("isolated"));
        assertEquals(
                -1, Files.mismatch(Tiny.state(folder.resolve("plain"), 6), Tiny.state(folder.resolve("isolated"), 6)));
        String events = "(?m)^\\{\"event\":\"(\\w+)\".*$";
        assertEquals(one.out().replaceAll(events, "$1"), other.out().replaceAll(events, "$1"));
        assertEquals(one.err().replace("plain", "isolated"), other.err());

        refused.end().expect(2).says("learningRate", "is -1");
        assertFalse(Files.exists(folder.resolve("refused")));
        assertTrue(Files.exists(folder.resolve("stopped/checkpoints")));
    }
}
