package org.kolotoc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How wide the terminal is. */
final class TerminalWidthTest {
    private static int width(Map<Integer, Integer> terminals, String told) {
        return new TerminalWidth(descriptor -> terminals.getOrDefault(descriptor, 0), told).getAsInt();
    }

    @Test
    void standardErrorIsAskedFirstThenStandardOutputThenTheVariable() {
        assertEquals(40, width(Map.of(1, 120, 2, 40), "99"));
        assertEquals(120, width(Map.of(1, 120), "99"));
        assertEquals(99, width(Map.of(), " 99 "));
        assertEquals(80, width(Map.of(), null));
    }

    @Test
    void nonsenseInTheVariableIsNoWidth() {
        for (String told : List.of("", "wide", "0", "-3", "99999999999", "1e3")) {
            assertEquals(80, width(Map.of(), told), told);
        }
    }

    /** Says its width, then again each time that its terminal was given another one. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] columns) throws IOException, InterruptedException {
            TerminalWidth width = TerminalWidth.ofThisProcess();
            System.out.println("width " + width.getAsInt());
            System.out.println("out " + width.isOut());
            for (String column : columns) {
                new ProcessBuilder("stty", "cols", column).inheritIO().start().waitFor();
                System.out.println("width " + width.getAsInt());
            }
        }
    }

    /** In a terminal of util-linux's {@code script}. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aTerminalIsAskedAndAChangeOfItsSizeFollowed() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script, of util-linux");
        Process script = probe("script", "-qec", "stty cols 47; " + command() + " 61 200", "/dev/null");
        String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, script.waitFor(), said);
        assertEquals(List.of("width 47", "width 61", "width 200"), widths(said), said);
    }

    /** Whatever the input is, and though such a terminal has no width. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aTerminalIsKnownByTheOutputAlone() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script, of util-linux");
        for (String columns : List.of("0", "47")) {
            Process script =
                    probe("script", "-qec", "stty cols " + columns + "; " + command() + " < /dev/null", "/dev/null");
            String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, script.waitFor(), said);
            assertTrue(said.contains("out true"), said);
        }
        Process piped = probe("script", "-qec", command() + " | cat", "/dev/null");
        String said = new String(piped.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(said.contains("out false"), said);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whereThereIsNoTerminalTheVariableTells() throws IOException, InterruptedException {
        Process shell = probe("sh", "-c", "COLUMNS=123 " + command());
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor(), said);
        assertEquals(List.of("width 123"), widths(said), said);
    }

    private static Process probe(String... line) throws IOException {
        return new ProcessBuilder(line).redirectErrorStream(true).start();
    }

    private static String command() {
        return "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -XX:TieredStopAtLevel=1"
                + " --enable-native-access=ALL-UNNAMED -cp '" + System.getProperty("java.class.path") + "' '"
                + Probe.class.getName() + "'";
    }

    private static List<String> widths(String said) {
        return said.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("width"))
                .toList();
    }
}
