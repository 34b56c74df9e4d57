package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.engine.TestFiles;

/** {@code keepCheckpoints} while a run goes on. */
final class KeepCheckpointsRunTest {
    @TempDir
    Path folder;

    private Console console;
    private Path run;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        run = console.out("run");
        console.write(Console.SMALL.replace("\"checkpointEvery\": 5", "\"checkpointEvery\": 1"));
    }

    private List<Integer> steps() throws IOException {
        List<Integer> steps = new ArrayList<>();
        for (String name : TestFiles.names(run.resolve("checkpoints"))) {
            steps.add(Integer.parseInt(name.substring("step-".length())));
        }
        return steps;
    }

    private Console.Answer resume(int from, int stop, String keep) {
        return console.run(
                Console.before(stop),
                "--quiet",
                "--resume",
                run.toString(),
                "--from",
                Integer.toString(from),
                "--set",
                "keepCheckpoints=" + keep);
    }

    @Test
    void onlyWhatIsAskedForStays() throws IOException {
        Console.Answer answer = console.small(
                "run",
                "--quiet",
                "--set",
                "keepCheckpoints={\"last\": 2, \"every\": 5,"
                        + " \"best\": {\"metric\": \"loss/validation\", \"direction\": \"max\"}}");
        assertEquals(0, answer.code(), answer.err());
        // Evaluated at 0, 4, 10 and 12, with a falling loss.
        assertEquals(List.of(4, 5, 10, 11, 12), steps());
        assertEquals(
                0,
                console.run(() -> false, "--resume", run.toString(), "--quiet").code());
        assertEquals(List.of(4, 5, 10, 11, 12), steps());
    }

    /** What was measured before somebody stopped what belongs to the same evaluation is measured again: it decides nothing. */
    @Test
    void anEvaluationThatWasStoppedIsNoMeasure() throws IOException {
        Console.Answer answer = console.run(
                KeepCheckpointsRunTest::writesASample,
                console.experiment().toString(),
                "--quiet",
                "--out",
                run.toString(),
                "--set",
                "samples.at=[4]",
                "--set",
                "evaluateAt=[2,4]",
                "--set",
                "keepCheckpoints={\"last\": 1, \"best\": {\"metric\": \"loss/validation\", \"direction\": \"min\"}}");
        assertEquals(130, answer.code(), answer.err());
        assertEquals(List.of(2, 4), steps(), "2 is the best that was measured, though the loss falls");
    }

    private static boolean writesASample() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("draw")
                        && frame.getClassName().equals(Runner.class.getName())));
    }

    /** Whoever goes on from it may want to do so again. */
    @Test
    void theOneGoneOnFromStaysAndTheRuleMayChange() throws IOException {
        assertEquals(0, console.small("run", "--quiet").code());
        assertEquals(12, steps().size());
        assertEquals(130, resume(3, 4, "{\"last\": 1}").code());
        assertEquals(List.of(3, 6), steps());
        assertEquals(130, resume(6, 4, "{\"last\": 2}").code());
        assertEquals(List.of(6, 8, 9), steps(), "3 is no longer the one gone on from");
        assertEquals(130, resume(9, 3, "null").code());
        assertEquals(List.of(6, 8, 9, 10, 11), steps());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{\"every\": 3}|$.keepCheckpoints.last: is 0, which keeps all, so that \"every\" chooses nothing",
                "{\"best\": {\"metric\": \"loss/validation\"}}|so that \"best\" chooses nothing",
                "{\"last\": -1}|$.keepCheckpoints.last: is -1",
                "{\"lats\": 1}|$.keepCheckpoints.lats: there is no such field; did you mean 'last'?",
                "{\"last\": 1, \"best\": {\"metric\": \"x\", \"direction\": \"up\"}}|expected one of min, max",
                "{\"last\": 1, \"best\": {\"metric\": \"loss/train\"}}|$.keepCheckpoints.best.metric: \"loss/train\""
                        + " is measured on",
                "{\"last\": 1, \"best\": {\"metric\": \"loss/validatoin\"}}|did you mean 'loss/validation'?",
                "{\"last\": 1, \"best\": {\"metric\": \"distinct-words\"}}|add {\"id\": \"distinct-words\"}",
                "3|$.keepCheckpoints: is 3; expected an object",
            })
    void whatMakesNoSenseIsRefused(String keep, String said) {
        Console.Answer answer = console.small("run", "--quiet", "--set", "keepCheckpoints=" + keep);
        assertEquals(2, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().contains(said), answer.err());
    }
}
