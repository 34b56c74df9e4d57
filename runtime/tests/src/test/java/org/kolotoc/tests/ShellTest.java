package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that the shell reads from a pipe. */
final class ShellTest {
    @TempDir
    Path folder;

    /** One process does all of it, each line as it would be alone. */
    @Test
    void linesAreCommandsAndTheShellOutlivesThem() {
        Path run = folder.resolve("run");
        Launch.Result result = Launch.fed(
                """
                list model

                liste
                run --help
                run 'no file.json'
                run %s --set phases.0.steps=3 --set 'model={"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8}' --set 'criteria=[]' --set samples=null --set 'metrics=[]' --set checkpointEvery=0 --out %s --quiet
                shell
                run {
                status %s
                help
                exit
                list
                """.formatted(Assembled.PROJECT.resolve("examples/experiments/first.json"), run, run), "shell");
        assertEquals(0, result.code(), result.out() + result.err());
        assertTrue(result.out().contains("gpt"), result.out());
        assertEquals(
                1,
                result.out().lines().filter(line -> line.contains("GPT")).count(),
                "nothing after exit: " + result.out());
        assertTrue(result.out().contains("usage: ./kolotoc run <experiment.json> [options]"), "help is the same text");
        assertTrue(result.out().contains("commands for people who work on the project"), result.out());
        assertTrue(Files.exists(Tiny.state(run, 3)), result.out() + result.err());
        assertTrue(result.out().contains("report: " + run), result.out());
        result.says(
                "there is no command 'liste'; did you mean 'list'?",
                "the experiment no file.json can't be read: there is no such file",
                "exit code 2",
                "there is no command 'shell'",
                "the line is not understood",
                "has ended: finished after step 3");
        assertEquals(5, result.err().lines().filter("exit code 2"::equals).count(), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }

    /** The exit code is that of the last command; commands of features that come by demand are there. */
    @Test
    void whatTheLastOneGivesIsTheEnd() {
        Launch.Result result = Launch.fed("list\nnew model\n", "shell");
        assertEquals(2, result.code(), result.out() + result.err());
        result.says("expected a kind of seat and a name, model was given", "exit code 2");
    }
}
