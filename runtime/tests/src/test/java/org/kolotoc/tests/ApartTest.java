package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How the script runs a JVM that uses a device: Ctrl-C must reach that and nothing that it started. */
@DisabledOnOs(OS.WINDOWS)
final class ApartTest {
    private static final int SECONDS = 20;

    /** A command under the script's own function, in a shell as strict as the script's. */
    private static Process apart(String command) throws IOException {
        Matcher function = Pattern.compile("^apart\\(\\) \\{.*?^}$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Assembled.PROJECT.resolve("kolotoc")));
        assertTrue(function.find(), "the script has no function apart");
        return new ProcessBuilder(
                        "bash", "-c", "set -euo pipefail\n" + function.group() + "\napart bash -c '" + command + "'")
                .redirectErrorStream(true)
                .start();
    }

    private static int end(Process process) throws InterruptedException {
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it does not end");
        return process.exitValue();
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    @Test
    void theExitCodeIsTheCommands() throws IOException, InterruptedException {
        assertEquals(0, end(apart("true")));
        assertEquals(7, end(apart("exit 7")));
    }

    @Test
    void signalsReachTheCommandWhichEndsAsItWants() throws IOException, InterruptedException {
        for (String signal : new String[] {"INT", "TERM"}) {
            Process process = apart("trap \"exit 9\" " + signal + "; echo ready; while true; do sleep 0.1; done");
            BufferedReader out = process.inputReader();
            assertEquals("ready", out.readLine());
            signal(signal, process);
            assertEquals(9, end(process), signal);
        }
    }

    @Test
    void aCommandThatGoesOnIsWaitedFor() throws IOException, InterruptedException {
        Process process = apart("trap \"echo heard\" INT; echo ready; for i in 1 2 3 4 5; do sleep 0.2; done; exit 3");
        BufferedReader out = process.inputReader();
        assertEquals("ready", out.readLine());
        signal("INT", process);
        assertEquals("heard", out.readLine());
        assertEquals(3, end(process));
    }

    @Test
    void theCommandHasAGroupOfItsOwn() throws IOException, InterruptedException {
        // There is a group of that number only where the command leads it.
        Process process = apart("kill -0 -- -$$");
        assertEquals(0, end(process));
    }
}
