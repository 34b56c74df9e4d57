package org.kolotoc.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.TestFiles;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workshop;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Hash;

/** Steps that are taken again give what the run's folder has, and whatever is not as it was is found and named. */
final class ReplayTest {
    private static final long OLD = 5;

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void host() throws IOException {
        console = new Console(folder);
    }

    /** 12 steps, checkpoints of 5, 10 and 12. */
    private Path run(String name, String... more) throws IOException {
        Console.Answer answer = console.small(name, more);
        assertEquals(0, answer.code(), answer.err());
        return console.out(name);
    }

    private void resumed(Path run, String... more) {
        Console.Answer answer = console.run(
                () -> false,
                Stream.concat(Stream.of("--resume", run.toString(), "--quiet"), Stream.of(more))
                        .toArray(String[]::new));
        assertEquals(0, answer.code(), answer.err());
    }

    private Outcome replay(Path run, Long from, Long to) throws IOException {
        return replay(run, from, to, 0, () -> false);
    }

    private Outcome replay(Path run, Long from, Long to, long every, BooleanSupplier stop) throws IOException {
        Options options = Options.none().from(Optional.ofNullable(from));
        return Replay.of(
                new Workshop(console.framework().context()),
                run,
                options,
                Optional.ofNullable(to),
                every,
                new Client(stop, _ -> {}),
                (_, _, _) -> {});
    }

    private static void equal(Outcome outcome, long from, long to) {
        assertEquals(List.of(), outcome.differences());
        assertEquals(List.of(), outcome.remarks());
        assertEquals(List.of(from, to, Optional.of(to)), List.of(outcome.from(), outcome.to(), outcome.compared()));
    }

    private static List<Long> steps(Outcome outcome) {
        return outcome.points().stream().map(Outcome.Point::step).toList();
    }

    private static Path step(Path run, long step) {
        return run.resolve("checkpoints/step-%08d".formatted(step));
    }

    private static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                content.put(file.toString(), Hash.of(file) + Files.getLastModifiedTime(file));
            }
        }
        return content;
    }

    @Test
    void theSameStepsGiveTheSameStatesAndNothingIsWritten() throws IOException {
        Path run = run("run");
        Map<String, String> before = content(run);
        Outcome outcome = replay(run, null, null);
        equal(outcome, OLD, 12);
        assertEquals(List.of(10L, 12L), steps(outcome));
        equal(replay(run, 0L, null), 0, 12);
        equal(replay(run, null, OLD), 0, OLD);
        Outcome each = replay(run, 10L, 12L, 1, () -> false);
        assertEquals(List.of(11L, 12L), steps(each));
        assertEquals(outcome.points().getLast(), each.points().getLast());
        assertNotEquals(
                each.points().getFirst().hashes(), each.points().getLast().hashes());
        assertEquals(before, content(run));
    }

    @Test
    void aRunThatWasStoppedAndOneThatWentBackGiveTheSameToo() throws IOException {
        Path run = console.out("halves");
        assertEquals(
                130,
                console.run(Console.before(8), console.experiment().toString(), "--out", run.toString())
                        .code());
        equal(replay(run, 0L, null), 0, 7);
        resumed(run);
        equal(replay(run, 0L, null), 0, 12);
        resumed(run, "--from", "7");
        assertTrue(Files.exists(run.resolve("superseded")));
        equal(replay(run, 0L, null), 0, 12);
    }

    @Test
    void severalPhasesAreTakenOneAfterTheOther() throws IOException {
        console.write(Console.SMALL.replace(
                "\"phases\": [",
                "\"phases\": [{\"id\": \"pretrain\", \"steps\": 3, \"batch\": 2, \"evaluationBatches\": 1}, "));
        Path run = run("two");
        equal(replay(run, 0L, null), 0, 15);
        equal(replay(run, null, null), 3, 15);
        equal(replay(run, OLD, null), OLD, 15);
        assertEquals(List.of(3L), steps(replay(run, 0L, 3L)), "what the first one keeps is there to its end");
    }

    /** The third phase begins with the weights that the first one left, which no checkpoint but that of its end has. */
    @Test
    void weightsOfAnEndedPhaseAreThereAgain() throws IOException {
        console.write(Console.SMALL.replaceFirst("(?s)\"phases\": \\[.*?\\],", """
            "phases": [
              {"id": "pretrain", "name": "first", "steps": 3, "batch": 2, "evaluationBatches": 1},
              {"id": "pretrain", "name": "second", "steps": 4, "batch": 2, "evaluationBatches": 1},
              {"id": "pretrain", "name": "third", "steps": 4, "batch": 2, "evaluationBatches": 1,
                "start": {"model": "model@first"}}],\
            """));
        Path run = run("three");
        for (long from : List.of(0L, 3L, 5L, 7L, 10L)) {
            equal(replay(run, from, null), from, 11);
        }
    }

    /** A rate that falls over all steps was another before the run got more of them. */
    @Test
    void whatTheRunWasMadeWithAtEachStepIsUsed() throws IOException {
        Path run = run("longer");
        resumed(run, "--set", "phases.0.steps=16", "--set", "evaluateEvery=3");
        equal(replay(run, 0L, null), 0, 16);
        resumed(run, "--from", "10", "--set", "phases.0.steps=20");
        equal(replay(run, 0L, null), 0, 20);
        // Where the run went on otherwise a replay needs no checkpoint.
        Files.move(step(run, 10), folder.resolve("moved"));
        equal(replay(run, 0L, null), 0, 20);
    }

    /** Changes the last number of a checkpoint, and what vouches for it. */
    private static void alter(Path checkpoint) throws IOException {
        Path tensors = checkpoint.resolve("state.safetensors");
        byte[] bytes = Files.readAllBytes(tensors);
        bytes[bytes.length - 1] ^= 1;
        Files.write(tensors, bytes);
        TestFiles.reseal(
                checkpoint.resolve("checkpoint.json"), json -> json.add("sha256", new JsonPrimitive(Hash.of(bytes))));
    }

    @Test
    void anAlteredTensorIsNamed() throws IOException {
        Path run = run("run");
        alter(step(run, 10));
        Outcome outcome = replay(run, null, null);
        assertEquals(Optional.of(9L), outcome.compared());
        Difference difference = outcome.differences().getFirst();
        assertEquals(List.of(1, 10L), List.of(outcome.differences().size(), difference.step()));
        assertEquals("tensor pretrain/second.token.weight", difference.what());
        assertTrue(difference.recorded().matches("[0-9a-f]{64}"), difference.recorded());
        assertEquals(
                outcome.points().getFirst().hashes().get("tensor pretrain/second.token.weight"), difference.replayed());
        // Where it begins with it, nothing afterwards is as it was.
        Outcome after = replay(run, 10L, null);
        assertEquals(12, after.differences().getLast().step());
        assertTrue(after.differences().getLast().what().startsWith("tensor "));
    }

    @Test
    void anotherSeedIsFoundAtTheFirstStep() throws IOException {
        Path run = run("run");
        Path file = run.resolve("experiment.json");
        Files.writeString(file, Files.readString(file).replace("\"seed\": 3", "\"seed\": 4"));
        Outcome outcome = replay(run, null, null);
        assertEquals(Optional.empty(), outcome.compared());
        assertEquals(
                List.of(6L, 10L),
                outcome.differences().stream().map(Difference::step).toList());
        assertEquals("measure gradient/norm", outcome.differences().getFirst().what());
    }

    @Test
    void otherNumbersInTheMetricsAreFoundThoughTheStatesAreEqual() throws IOException {
        Path run = run("run");
        Path file = run.resolve("metrics.jsonl");
        Files.writeString(
                file,
                String.join(
                                "\n",
                                Files.readAllLines(file).stream()
                                        .map(line -> line.replaceFirst("(\"step\":7,.*\"loss/train\":)", "$11"))
                                        .toList())
                        + "\n");
        Outcome outcome = replay(run, null, null);
        assertEquals(Optional.of(6L), outcome.compared());
        assertEquals(
                List.of("measure loss/train"),
                outcome.differences().stream().map(Difference::what).toList());
        assertTrue(outcome.remarks().getLast().startsWith("the states are equal after step 10"));
        assertTrue(outcome.remarks().getFirst().contains("metrics.jsonl is not the one that the checkpoint"));
    }

    /** Nothing differs where there is nothing; that must not read as if all had been compared. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6})
    void linesThatAreGoneAreTold(int kept) throws IOException {
        Path run = run("run");
        assertEquals(List.of(), replay(run, null, null).remarks());
        Path file = run.resolve("metrics.jsonl");
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, kept));
        Outcome outcome = replay(run, null, null);
        assertEquals(List.of(), outcome.differences());
        String remark = outcome.remarks().getFirst();
        assertTrue(remark.contains("recorded " + lines.size() + " lines"), remark);
        assertTrue(remark.contains("found " + kept + " lines"), remark);
        String lacking = outcome.remarks().get(1);
        assertTrue(
                lacking.contains("no line of steps that the run made, " + (kept == 6 ? 5 : 1) + " to 12: "), lacking);
    }

    /** The last checkpoint seals all lines before it, whichever steps are taken again. */
    @Test
    void linesAfterTheCheckpointBeforeTheEndAreVouchedForByTheLast() throws IOException {
        Path run = run("run");
        Path file = run.resolve("metrics.jsonl");
        List<String> lines = Files.readAllLines(file);
        assertTrue(lines.removeIf(line -> line.startsWith("{\"step\":7,")));
        Files.write(file, lines);
        List<String> remarks = replay(run, null, 9L).remarks();
        assertTrue(remarks.getFirst().contains("is not the one that the checkpoint of step 12"), remarks::toString);
        assertTrue(remarks.getLast().contains("has no line of steps that the run made, 7: "), remarks::toString);
    }

    /** The process was killed after step 12, or the last checkpoint is gone: no seal covers the lines after step 10. */
    @Test
    void linesAfterTheLastCheckpointAreMissedToo() throws IOException {
        Path run = run("run");
        TestFiles.delete(step(run, 12));
        Path file = run.resolve("metrics.jsonl");
        List<String> lines = Files.readAllLines(file);
        assertEquals(
                List.of("no checkpoint vouches for what " + file
                        + " says of the steps 11 to 12, and they are not taken again: --to 12 compares them"),
                replay(run, null, null).remarks());
        equal(replay(run, null, 12L), OLD, 12);
        Files.write(
                file,
                lines.stream().filter(line -> !line.startsWith("{\"step\":11,")).toList());
        Outcome hole = replay(run, null, 12L);
        assertEquals(
                List.of(file + " has no line of steps that the run made, 11: what they measured is not compared"),
                hole.remarks());
        Files.write(
                file,
                lines.stream()
                        .filter(line -> !line.matches("\\{\"step\":1[12],.*"))
                        .toList());
        String lost = replay(run, null, null).remarks().getFirst();
        assertTrue(lost.contains("has no line of steps that the run made, 11 to 12: "), lost);
    }

    @Test
    void aRunWithoutItsStatusIsReplayedAsIfNothingHadBeenChanged() throws IOException {
        Path run = run("run");
        Files.delete(run.resolve("run.json"));
        Outcome outcome = replay(run, null, null);
        assertEquals(List.of(Optional.of(12L), List.of()), List.of(outcome.compared(), outcome.differences()));
        assertTrue(outcome.remarks().getFirst().startsWith("the run has no run.json any more"));
    }

    @Test
    void otherDataIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "The quick brown fox. ".repeat(90));
        console.write(Console.SMALL.replaceFirst(
                "\"data\": \\{[^}]*}", "\"data\": {\"id\": \"text\", \"path\": \"text.txt\"}"));
        Path run = run("run");
        equal(replay(run, 0L, null), 0, 12);
        Files.writeString(text, "The quick brown cat. ".repeat(90));
        InputError refused = assertThrows(InputError.class, () -> replay(run, 0L, null));
        assertTrue(refused.getMessage().contains("text.txt"), refused.getMessage());
    }

    @Test
    void aPluginThatComputesOtherwiseIsFound() throws IOException {
        Drift drift = new Drift();
        console.framework().seat(Seat.PHASE, "drift", drift);
        console.write(Console.SMALL
                .replaceFirst("(?s)\"phases\": \\[.*?\\],", "\"phases\": [{\"id\": \"drift\", \"steps\": 4}],")
                .replace("\"checkpointEvery\": 5", "\"checkpointEvery\": 2"));
        Path run = run("run");
        equal(replay(run, 0L, null), 0, 4);
        drift.amount = 1.5f;
        Outcome outcome = replay(run, 0L, null);
        assertEquals(Optional.of(1L), outcome.compared(), "the measures tell nothing");
        assertEquals(
                List.of("tensor drift/value at 2"),
                outcome.differences().stream()
                        .map(difference -> difference.what() + " at " + difference.step())
                        .toList());
    }

    @Test
    void whatCantBeReplayedIsRefused() throws IOException {
        Path run = run("run");
        record Wrong(Long from, Long to, String said) {}
        for (Wrong wrong : List.of(
                new Wrong(12L, null, "nothing lies between step 12"),
                new Wrong(7L, null, "has no checkpoint of step 7; it has steps [5, 10, 12]"),
                new Wrong(null, 13L, "the run ends after step 12, but --to 13"))) {
            InputError error = assertThrows(InputError.class, () -> replay(run, wrong.from(), wrong.to()));
            assertTrue(error.getMessage().contains(wrong.said()), error.getMessage());
        }
        assertThrows(InputError.class, () -> replay(folder, null, null));
        TestFiles.delete(run.resolve("checkpoints"));
        InputError none = assertThrows(InputError.class, () -> replay(run, null, null));
        assertTrue(none.next().contains("--from 0 --to"), none.next());
        equal(replay(run, 0L, 12L), 0, 12);
        String remark = replay(run, 0L, 9L).remarks().getFirst();
        assertTrue(remark.startsWith("no checkpoint vouches for what ") && remark.contains("steps 10 to 12"), remark);
    }

    @Test
    void whoWantsToStopIsHeardBetweenSteps() throws IOException {
        Path run = run("run");
        int[] asked = new int[1];
        assertThrows(
                Stopped.class,
                () -> replay(
                        run,
                        null,
                        null,
                        0,
                        () -> Arrays.stream(new Throwable().getStackTrace())
                                        .anyMatch(frame -> frame.getClassName().equals(Steps.class.getName()))
                                && ++asked[0] > 3));
        assertEquals(4, asked[0], "asked before each step");
    }
}
