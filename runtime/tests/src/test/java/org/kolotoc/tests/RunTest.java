package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three runs of one small experiment in the real container, all at once: with one thread, with two, and one that gets
 * Ctrl-C on its way and is resumed.
 */
class RunTest {
    private static final int STEPS = 250;

    @TempDir
    static Path folder;

    private static Launch.Result one;
    private static Launch.Result two;
    private static Launch.Result stopped;
    private static int stoppedAt;
    private static Launch.Result resumed;

    @BeforeAll
    static void runAll() throws IOException, InterruptedException {
        Launch first = Launch.start(Tiny.run(folder.resolve("one"), STEPS, "--threads", 1));
        Launch second = Launch.start(Tiny.run(folder.resolve("two"), STEPS, "--threads", 2));
        Launch third = Launch.start(Tiny.run(folder.resolve("stopped"), STEPS));
        third.await("its first step", () -> third.soFar().contains("step 1/" + STEPS));
        third.interrupt();
        stopped = third.end();
        one = first.end();
        two = second.end();
        stoppedAt = steps(folder.resolve("stopped")).stream().findFirst().orElse(-1);
        resumed = Launch.run("run", "--resume", folder.resolve("stopped"));
    }

    @Test
    void processesBesideEachOtherAllEndWell() throws IOException {
        for (Launch.Result result : List.of(one, two)) {
            result.expect(0);
        }
        for (String name : List.of("one", "two")) {
            assertTrue(Files.isRegularFile(folder.resolve(name).resolve("report.html")), name);
            assertEquals("finished", json(name, "run.json").get("status").getAsString());
        }
    }

    @Test
    void theNumberOfThreadsChangesNoBit() throws IOException {
        assertEquals(-1, Files.mismatch(state("one", STEPS), state("two", STEPS)));
        assertTrue(
                Files.mismatch(state("one", STEPS), state("stopped", stoppedAt)) >= 0,
                "other weights are other bytes, so the comparison can fail");
    }

    @Test
    void interruptSavesAndSaysHowToGoOn() {
        stopped.expect(130).says("stopped and saved after step " + stoppedAt, "--resume");
        assertTrue(stoppedAt >= 1 && stoppedAt < STEPS, () -> "stopped at " + stoppedAt);
    }

    /** A scheduler's signal before the first step: what was begun is kept as after Ctrl-C, and told. */
    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129"})
    void aSignalBeforeTheFirstStepSavesToo(String signal, int code) throws IOException, InterruptedException {
        Path run = folder.resolve("early-" + signal);
        Launch launch = Launch.start(Tiny.run(run, 100_000));
        launch.await("its folder", () -> launch.soFar().contains("writes " + run));
        launch.signal(signal);
        Launch.Result early = launch.end();
        assertEquals(code, early.code(), early.err());
        early.says(
                "SIG" + signal,
                "stopping when the step and what is due after it are done",
                "stopped and saved after step ",
                "./kolotoc run --resume " + run);
        assertEquals(
                "stopped", json("early-" + signal, "run.json").get("status").getAsString());
        int step = steps(run).getLast();
        assertTrue(Files.isRegularFile(Tiny.state(run, step)));
        if (signal.equals("TERM")) {
            Launch.run("run", "--resume", run, "--set", "phases.0.steps=" + (step + 1))
                    .expect(0);
        }
    }

    @Test
    void resumedRunEndsWithTheSameBytes() throws IOException {
        resumed.expect(0);
        assertEquals(-1, Files.mismatch(state("one", STEPS), state("stopped", STEPS)));
        assertTrue(
                Files.mismatch(state("stopped", stoppedAt), state("stopped", STEPS)) >= 0,
                "steps were taken after the stop");
        assertEquals("finished", json("stopped", "run.json").get("status").getAsString());
        List<Integer> logged = Files.readAllLines(folder.resolve("stopped/metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> !line.has("evaluation"))
                .map(line -> line.get("step").getAsInt())
                .toList();
        assertEquals(Stream.iterate(1, n -> n <= STEPS, n -> n + 1).toList(), logged, "one line a step");
    }

    /** Of so small a model nearly all is the runtime itself, and what HotSpot takes is not the same every time. */
    @Test
    void memoryWasKnownBeforeTheFirstStep() throws IOException {
        JsonObject memory = json("one", "run.json").getAsJsonObject("memory");
        double predicted = memory.get("predictedBytes").getAsLong();
        if (memory.has("peakBytes")) {
            double ratio = predicted / memory.get("peakBytes").getAsLong();
            assertTrue(ratio > 0.75 && ratio < 1.33, memory::toString);
        }
        Launch.run(Tiny.run(folder.resolve("large"), STEPS, "--memory", "50m"))
                .expect(2)
                .says("but there is 50 MB (--memory)", "code, heap and libraries", "phases.pretrain.accumulate");
        assertFalse(Files.exists(folder.resolve("large")));
    }

    /** Neither the weights, which samples are written with, nor what bf16 rounds are there when a run is refused. */
    @Test
    void nothingLargeIsTakenByARunThatIsRefused() {
        String refusal = Launch.run(
                        "run",
                        Assembled.PROJECT.resolve("examples/experiments/first.json"),
                        "--set",
                        "model={\"id\":\"gpt\",\"layers\":4,\"heads\":4,\"width\":2048,\"context\":64}",
                        "--set",
                        "phases.0.precision=bf16",
                        "--memory",
                        "300m",
                        "--out",
                        folder.resolve("huge"))
                .expect(2)
                .says("807 MB  states of model")
                .err();
        Matcher beside = Pattern.compile("(\\d+) MB  code, heap and libraries").matcher(refusal);
        assertTrue(beside.find() && Integer.parseInt(beside.group(1)) < 400, refusal);
    }

    @Test
    void aRunLoadsNoConformanceSuites() throws IOException {
        List<String> names = StreamSupport.stream(
                        json("one", "lock.json").getAsJsonArray("bundles").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(bundle -> bundle.get("name").getAsString())
                .toList();
        assertTrue(names.contains("org.kolotoc.engine") && names.contains("org.kolotoc.backend.cpu"), names::toString);
        assertFalse(names.contains("org.kolotoc.tck"), names::toString);
    }

    private static Path state(String run, int step) {
        return Tiny.state(folder.resolve(run), step);
    }

    private static JsonObject json(String run, String file) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(run).resolve(file)))
                .getAsJsonObject();
    }

    private static List<Integer> steps(Path run) throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(checkpoints)) {
            return list.map(path -> path.getFileName().toString().replace("step-", ""))
                    .map(Integer::parseInt)
                    .sorted()
                    .toList();
        }
    }
}
