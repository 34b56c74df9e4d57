package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} takes, prints and returns; what a run does is the engine's. */
final class RunCommandTest {
    private static final String EXPERIMENT = """
        {
          "schema": "kolotoc.experiment/1",
          "name": "small",
          "data": {"id": "template-world", "characters": 2000},
          "tokenizer": {"id": "char"},
          "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
          "phases": [{"id": "pretrain", "steps": 3, "batch": 2, "evaluationBatches": 2}]
        }
        """;

    @TempDir
    Path folder;

    private FakeHost host;
    private Path experiment;

    @BeforeEach
    void experiment() throws IOException {
        host = FakeHost.standard().at(folder);
        experiment = Files.writeString(folder.resolve("small.json"), EXPERIMENT);
    }

    @AfterEach
    void forget() {
        System.clearProperty("kolotoc.note");
    }

    private Printed run(String... line) {
        return Printed.by(new RunCommand(host.engine(), host.terminal(), () -> false), line);
    }

    private static void refused(Printed answer, String... parts) {
        assertEquals(2, answer.code(), answer.err());
        for (String part : parts) {
            assertTrue(answer.err().contains(part), () -> "«" + part + "» expected in " + answer.err());
        }
        assertFalse(answer.err().contains("\tat "), answer.err());
    }

    @Test
    void aRunIsShownAndJudged() {
        Printed answer =
                run(experiment.toString(), "--out", folder.resolve("run").toString());
        assertEquals(0, answer.code(), answer.err());
        for (String part : new String[] {
            "small, seed 1, ",
            "memory predicted: ",
            "writes " + folder.resolve("run"),
            "step 0 of pretrain  loss/validation",
            "step 3/3 [",
            "verdict: none",
            "report: " + folder.resolve("run/report.html")
        }) {
            assertTrue(answer.out().contains(part), () -> "«" + part + "» expected in " + answer.out());
        }
    }

    @Test
    void jsonIsAllThatIsPrintedWhereItIsAskedFor() {
        Printed answer = run(
                experiment.toString(), "--json", "--out", folder.resolve("run").toString());
        assertEquals(0, answer.code(), answer.err());
        assertTrue(answer.out().lines().allMatch(line -> line.startsWith("{\"event\":\"")), answer.out());
        assertTrue(answer.out().lines().reduce((_, last) -> last).orElseThrow().contains("\"state\":\"finished\""));
    }

    /** It begins twice, and once alone there is a note of how to go on. */
    @Test
    void aLongRunGoesOnWhenItWasShownThatItCan() throws IOException {
        Path note = folder.resolve("note");
        System.setProperty("kolotoc.note", note.toString());
        Path run = folder.resolve("run");
        RunCommand command = new RunCommand(host.engine(), host.terminal(), () -> goesOnProved(run));
        Printed answer = Printed.by(
                command, experiment.toString(), "--set", "phases.0.steps=100000000", "--out", run.toString());
        assertEquals(130, answer.code(), answer.err());
        assertTrue(answer.out().contains("resume proved"), answer.out());
        assertTrue(answer.err().contains("stopped and saved after step"), answer.err());
        assertTrue(Files.readString(note).contains("--resume " + run), note::toString);
    }

    /** The proof is made within the first steps. */
    private static boolean goesOnProved(Path run) {
        try {
            return Files.exists(run.resolve("metrics.jsonl"))
                    && Files.readAllLines(run.resolve("metrics.jsonl")).size() > 100
                    && Files.readString(run.resolve("lock.json")).contains("\"resumeProved\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void helpHasExamples() {
        Printed answer = run("--help");
        assertEquals(0, answer.code());
        assertTrue(answer.out().contains("examples/experiments/first.json"), answer.out());
        assertTrue(answer.out().contains("exit code"), answer.out());
    }

    @Test
    void optionsWithoutEffectAreRefused() {
        refused(run(), "0 were given", "./kolotoc run examples/experiments/first.json");
        refused(
                run(experiment.toString(), "--from", "5"),
                "--from 5",
                "without --resume",
                "./kolotoc run --resume <run folder> --from 5");
        refused(
                run(
                        "--resume",
                        folder.toString(),
                        "--out",
                        folder.resolve("other").toString()),
                "--out " + folder.resolve("other"),
                "expected one of the two");
        refused(
                run(experiment.toString(), "--resume", folder.toString()),
                "--resume takes the run's own experiment",
                "leave the experiment out");
    }

    @Test
    void whoStartedTheProcessIsToldHowToGoOn() throws IOException {
        Path note = folder.resolve("note");
        System.setProperty("kolotoc.note", note.toString());
        run(experiment.toString(), "--out", folder.resolve("run").toString());
        assertEquals(
                "./kolotoc run --resume " + folder.resolve("run") + "   (if it has a checkpoint)\n",
                Files.readString(note));
    }

    @Test
    void debugShowsWhereAnErrorComesFrom() {
        Printed answer = Printed.by(
                new RunCommand(host.engine(), host.debugging().terminal(), () -> false),
                folder.resolve("none.json").toString());
        assertTrue(answer.err().contains("\tat "), answer.err());
    }
}
