package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Seat;
import org.kolotoc.phase.pretrain.Pretrain;

/** A run that was stopped and goes on gives the bytes of one that was not. */
final class ResumeTest {
    private static final String STATE = "state.safetensors";

    @TempDir
    Path folder;

    private static Path state(Path run, int step) {
        return run.resolve("checkpoints").resolve("step-%08d".formatted(step)).resolve(STATE);
    }

    /** Lines of metrics without what a clock says. */
    private static List<String> metrics(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", ""))
                .toList();
    }

    private static List<String> samples(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run.resolve("samples"))) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(f -> {
                        try {
                            return run.relativize(f) + ": " + Files.readString(f);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    @Test
    void stoppedAndResumedEqualsUninterrupted() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("whole").code());
        Console.Answer stopped = console.run(
                Console.before(8),
                console.experiment().toString(),
                "--out",
                console.out("halves").toString());
        assertEquals(130, stopped.code());
        assertTrue(stopped.err().contains("./kolotoc run --resume " + console.out("halves")), stopped.err());
        assertTrue(Files.exists(state(console.out("halves"), 7)), "Ctrl-C before step 8 saves step 7");
        assertFalse(Files.exists(console.out("halves").resolve("verdict.json")));

        Console.Answer resumed =
                console.run(() -> false, "--resume", console.out("halves").toString());
        assertEquals(0, resumed.code(), resumed.err());
        assertArrayEquals(
                Files.readAllBytes(state(console.out("whole"), 12)),
                Files.readAllBytes(state(console.out("halves"), 12)));
        assertEquals(metrics(console.out("whole")), metrics(console.out("halves")));
        assertEquals(samples(console.out("whole")), samples(console.out("halves")));
    }

    /** What one phase measures at its steps the next one measures at its evaluations; of these alone a verdict is made. */
    private static final String JUDGED = Console.SMALL
            .replaceFirst("(?s)\"phases\": \\[.*?\\],", """
                "phases": [
                  {"id": "early", "steps": 5, "batch": 2, "warmup": 2, "learningRate": 0.01, "evaluationBatches": 2},
                  {"id": "late", "steps": 7, "batch": 2, "warmup": 2, "learningRate": 0.01, "evaluationBatches": 2}],
                "criteria": [
                  {"metric": "reward", "max": 9, "trend": "rising"},
                  {"metric": "loss/validation", "trend": "falling"},
                  {"metric": "loss/validation", "step": 4, "max": 3},
                  {"metric": "odd/most", "max": 7},
                  {"metric": "longest-copy", "max": 30}],\
                """)
            .replace("{\"id\": \"word-rate\"}", "{\"id\": \"word-rate\"}, {\"id\": \"odd\"}");

    @Test
    void verdictAndReportAreThoseOfARunThatWasNeverStopped() throws IOException {
        Console console = new Console(folder);
        console.framework()
                .seat(Seat.PHASE, "early", new Chatty<>(new Pretrain(), Measure.Taken.STEP))
                .seat(Seat.PHASE, "late", new Chatty<>(new Pretrain(), Measure.Taken.EVALUATION))
                .seat(Seat.METRIC, "odd", new Odd());
        console.write(JUDGED);
        Console.Answer whole = console.small("whole", "--quiet");
        assertEquals(1, whole.code(), whole.err());
        String verdict = Files.readString(console.out("whole").resolve("verdict.json"));
        assertTrue(verdict.contains("\"holds\": true") && verdict.contains("\"holds\": false"), verdict);

        // Before which step each of the processes is stopped, counted from where it begins.
        for (List<Integer> stops : List.of(List.of(1, 1), List.of(6), List.of(5, 1, 3), List.of(12))) {
            Path parts = console.out("parts" + stops);
            String[] command = {console.experiment().toString(), "--out", parts.toString(), "--quiet"};
            for (int stop : stops) {
                Console.Answer stopped = console.run(Console.before(stop), command);
                assertEquals(130, stopped.code(), stopped.err());
                command = new String[] {"--resume", parts.toString(), "--quiet"};
            }
            Console.Answer last = console.run(() -> false, command);

            assertEquals(whole.out(), last.out().replace(parts.toString(), console.out("whole") + ""));
            assertEquals(verdict, Files.readString(parts.resolve("verdict.json")));
            assertEquals(metrics(console.out("whole")), metrics(parts), "step 0 is there once, too");
            assertEquals(
                    Files.readString(console.out("whole").resolve("report.html")),
                    Files.readString(parts.resolve("report.html")));
        }
    }

    @Test
    void resumingFromAnEarlierStepRewritesWhatCameAfter() throws IOException {
        Console console = new Console(folder);
        console.small("whole");
        List<String> metrics = metrics(console.out("whole"));
        List<String> samples = samples(console.out("whole"));
        byte[] bytes = Files.readAllBytes(state(console.out("whole"), 12));
        Files.delete(state(console.out("whole"), 12));
        // What a killed process leaves: half a line.
        Files.writeString(
                console.out("whole").resolve("metrics.jsonl"),
                Files.readString(console.out("whole").resolve("metrics.jsonl")) + "{\"step\": 13, \"lo");
        Console.Answer again =
                console.run(() -> false, "--resume", console.out("whole").toString(), "--from", "5");
        assertEquals(0, again.code(), again.err());
        assertEquals(metrics, metrics(console.out("whole")));
        assertEquals(samples, samples(console.out("whole")));
        assertArrayEquals(bytes, Files.readAllBytes(state(console.out("whole"), 12)));
    }

    @Test
    void anotherSeedGivesOtherBytes() throws IOException {
        Console console = new Console(folder);
        console.small("one");
        console.small("same");
        console.small("other", "--seed", "4");
        assertArrayEquals(
                Files.readAllBytes(state(console.out("one"), 12)), Files.readAllBytes(state(console.out("same"), 12)));
        assertNotEquals(
                java.util.Arrays.hashCode(Files.readAllBytes(state(console.out("one"), 12))),
                java.util.Arrays.hashCode(Files.readAllBytes(state(console.out("other"), 12))));
    }

    @Test
    void twoPhasesResumeInsideTheSecond() throws IOException {
        Console console = new Console(folder);
        console.write(Console.SMALL.replace(
                "\"phases\": [",
                "\"phases\": [{\"id\": \"pretrain\", \"steps\": 3," + " \"batch\": 2, \"evaluationBatches\": 1}, "));
        assertEquals(0, console.small("whole").code());
        assertEquals(
                130,
                console.run(
                                Console.before(7),
                                console.experiment().toString(),
                                "--out",
                                console.out("halves").toString())
                        .code());
        assertEquals(
                0,
                console.run(() -> false, "--resume", console.out("halves").toString())
                        .code());
        assertArrayEquals(
                Files.readAllBytes(state(console.out("whole"), 15)),
                Files.readAllBytes(state(console.out("halves"), 15)));
        assertEquals(metrics(console.out("whole")), metrics(console.out("halves")));
    }

    /** What is changed by an option is known afterwards, also of several resumes; what an editor changed is told. */
    @Test
    void anEditedExperimentIsTold() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("run").code());
        Path run = console.out("run");
        Console.Answer longer = console.run(() -> false, "--resume", run.toString(), "--set", "phases.0.steps=14");
        assertEquals(0, longer.code(), longer.err());
        Console.Answer same = console.run(() -> false, "--resume", run.toString());
        assertFalse((longer.err() + same.err()).contains("somebody changed it"), longer.err() + same.err());
        Path experiment = run.resolve("experiment.json");
        String text = Files.readString(experiment);
        Files.writeString(experiment, text.replace("\n", "\n "));
        assertFalse(
                console.run(() -> false, "--resume", run.toString()).err().contains("somebody changed it"),
                "white space says nothing");
        String edited = text.replaceFirst("\"steps\": 14", "\"steps\": 15");
        assertNotEquals(text, edited);
        Files.writeString(experiment, edited);
        Console.Answer told = console.run(() -> false, "--resume", run.toString());
        assertTrue(told.err().contains("experiment.json is not what any part of the run was made with"), told.err());
        assertTrue(Files.readString(run.resolve("ledger.jsonl")).contains("somebody changed it"));
    }
}
