package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.develop.Chore;

/** The process: its commands, its exit codes, how long it takes to boot. */
class LauncherTest {
    @Test
    void helpListsTheCommandsOfTheBundles() {
        Launch.Result result = Launch.run("--help").expect(0);
        for (String command : List.of("run", "list", "devices", "explain", "profile", "sample", "schema")) {
            assertTrue(
                    result.out().lines().anyMatch(line -> line.matches(" +" + command + " +\\S.*")),
                    () -> command + " is not in:\n" + result.out());
        }
        assertEquals("", result.err());
    }

    @Test
    void helpListsTheCommandsOfTheScriptAndTheLaunchersOptions() {
        String help = Launch.run("--help").expect(0).out();
        for (Chore chore : Chore.values()) {
            assertTrue(help.contains("  " + chore.word() + " "), help);
        }
        assertTrue(help.contains("  --plugin <jar>") && help.contains("  --debug "), help);
        assertFalse(help.contains("\033"), "colours");
    }

    /** As bash asks for it: the words so far, the last of them begun. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void bashCompletesCommandsAndOptions(@TempDir Path folder) throws IOException, InterruptedException {
        Path script = folder.resolve("completion");
        Files.writeString(script, Launch.run("completion").expect(0).out());
        assertEquals("run", completed(script, "ru"));
        assertEquals("bench", completed(script, "ben"));
        assertEquals("compare completion", completed(script, "comp"));
        assertEquals("completion", completed(script, "compl"));
        assertEquals("--seed", completed(script, "run", "--see"));
        assertEquals("--prompt", completed(script, "sample", "--pro"));
        assertEquals("--plugin", completed(script, "list", "--pl"));
        assertEquals("--warm-up", completed(script, "bench", "--wa"));
        assertEquals("--all", completed(script, "build", "--al"));
        assertEquals("", completed(script, "run", "--wa"));
    }

    private static String completed(Path script, String... words) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "compopt() { :; }; source '" + script + "'; COMP_WORDS=(kolotoc " + String.join(" ", words)
                                + "); COMP_CWORD=" + words.length + "; _complete_kolotoc; echo \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, bash.waitFor(), said);
        return said;
    }

    @Test
    void unknownCommandIsAnsweredWithTheNearest() {
        Launch.run("lisst").expect(2).says("unknown command 'lisst'", "did you mean 'list'?", "--help");
    }

    @Test
    void unknownFeatureIsAnsweredWithTheNearest() {
        Launch.run("run", "--feature", "txt").expect(2).says("unknown feature 'txt'", "did you mean 'text'?");
    }

    @Test
    void optionWithoutItsValueIsNamed() {
        Launch.run("run", "--plugin").expect(2).says("option --plugin needs a value: --plugin <jar>");
    }

    @Test
    void bootTakesTime() {
        Launch.Result result = Launch.run("run", "--help", "--debug").expect(0);
        String ready = result.err()
                .lines()
                .filter(line -> line.contains("container ready"))
                .findFirst()
                .orElseThrow();
        System.out.println("boot: " + ready + " (limits are for a quiet machine; not asserted)");
    }
}
