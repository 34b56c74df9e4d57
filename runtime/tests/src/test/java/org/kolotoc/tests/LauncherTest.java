package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

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
