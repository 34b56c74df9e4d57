package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A run in one process, spoken to from others. */
@DisabledOnOs(OS.WINDOWS)
final class LiveTest {
    private static final Pattern STEP = Pattern.compile("after step (\\d+)");

    @TempDir
    Path folder;

    private static int step(Launch.Result result) {
        Matcher step = STEP.matcher(result.expect(0).out());
        assertTrue(step.find(), result.out());
        return Integer.parseInt(step.group(1));
    }

    @Test
    void aRunIsSpokenToFromOtherProcesses() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        Path socket = run.resolve("control.sock");
        // It is shown beforehand that it can be resumed: it is a long one, and would let go of its folder to show it.
        Launch first = Launch.start(Tiny.run(run, 1_000_000, "--quiet", "--set", "certify=true"));
        first.await("its socket", () -> Files.exists(socket));
        String status = Launch.run("status", run, "--json").expect(0).out();
        assertTrue(status.contains("\"state\": \"running\""), status);
        assertTrue(status.contains("\"pid\": " + first.pid()), status);
        int paused = step(Launch.run("pause", run));
        assertTrue(step(Launch.run("save", run)) == paused, "it waits");
        assertTrue(Files.isRegularFile(Tiny.state(run, paused)));

        Path jar = Assembled.jar("org.kolotoc.phase.pretrain");
        String asked = "phase 'pretrain' after step 900000: org.kolotoc.phase.pretrain";
        Launch swap = Launch.start("swap", run, "phase", jar, "--at", 900_000);
        swap.await("its swap", () -> Launch.run("status", run).out().contains(asked));
        swap.signal("TERM");
        swap.end();
        first.await("nobody's swap", () -> !Launch.run("status", run).out().contains(asked));

        first.signal("KILL");
        first.end();
        assertTrue(Files.exists(socket), "a killed process leaves its socket");
        Launch.run("status", run)
                .expect(2)
                .says(
                        "the run of " + run + " has ended: failed after step " + paused
                                + ": the process ended without saying why (killed?)",
                        "do: go on with it: ./kolotoc run --resume " + run);

        Launch second = Launch.start("run", "--resume", run, "--quiet");
        second.await("its socket", () -> Files.exists(socket));
        int stopped = step(Launch.run("stop", run));
        assertTrue(stopped >= paused && Files.isRegularFile(Tiny.state(run, stopped)), "after step " + stopped);
        second.end().expect(130).says("stopped and saved after step " + stopped);
        assertFalse(Files.exists(socket));
    }
}
