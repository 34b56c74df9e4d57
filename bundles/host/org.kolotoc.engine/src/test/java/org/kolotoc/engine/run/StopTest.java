package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is stopped anywhere, within an evaluation, a sample or a judgement too, goes on as if it had not been. */
final class StopTest {
    private static final String EXPERIMENT = Console.SMALL
            .replace("\"steps\": 12", "\"steps\": 5")
            .replace("[0, 4, 10]", "[0, 3]")
            .replace("\"at\": [0, 4]", "\"at\": [3]")
            .replaceFirst("(\"metrics\".*])", "$1, \"criteria\": [{\"metric\": \"loss/validation\", \"max\": 0.1}]");

    @TempDir
    Path folder;

    private Console console;

    private Console.Answer run(String name, BooleanSupplier stop) {
        return console.run(
                stop,
                console.experiment().toString(),
                "--quiet",
                "--out",
                console.out(name).toString());
    }

    /** Whoever asks for the n-th time hears yes. */
    private static BooleanSupplier asked(int n) {
        int[] asked = new int[1];
        return () -> ++asked[0] >= n;
    }

    /** Everything that a run measured and made. */
    private List<String> made(String name) throws IOException {
        Path run = console.out(name);
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*(metrics.jsonl|verdict.json|\\.txt)"))
                    .sorted()
                    .map(file -> {
                        try {
                            return run.relativize(file) + ":\n"
                                    + Files.readString(file).replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", "");
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    private byte[] state(String name) throws IOException {
        return Files.readAllBytes(console.out(name).resolve("checkpoints/step-00000005/state.safetensors"));
    }

    @Test
    void stoppedAnywhereAndResumedItIsTheSame() throws IOException {
        console = new Console(folder);
        console.write(EXPERIMENT);
        int[] asked = new int[1];
        assertEquals(1, run("whole", () -> ++asked[0] < 0).code());
        List<String> made = made("whole");
        assertTrue(made.size() > 4, made.toString());
        TreeSet<Integer> points = new TreeSet<>();
        for (int i = 0; i < 12; i++) {
            points.add(2 + i * (asked[0] - 2) / 11);
        }
        boolean[] seen = new boolean[3];
        for (int point : points) {
            String name = "stopped" + point;
            Console.Answer stopped = run(name, asked(point));
            assertEquals(130, stopped.code(), "asked " + point + " times of " + asked[0] + ": " + stopped.err());
            if (stopped.err().contains("stopped before anything was written")) {
                seen[0] = true;
                assertFalse(Files.exists(console.out(name)), "there is nothing to go on with");
                continue;
            }
            seen[stopped.err().contains("stopped before the verdict") ? 2 : 1] = true;
            assertTrue(stopped.err().contains("./kolotoc run --resume " + console.out(name)), stopped.err());
            String report = Files.readString(console.out(name).resolve("report.html"));
            assertTrue(report.contains("<h2>Stopped after step "), report);
            assertTrue(report.contains("./kolotoc run --resume " + console.out(name)), report);
            assertFalse(Files.exists(console.out(name).resolve("verdict.json")));
            assertFalse(
                    Files.readString(console.out(name).resolve("run.json")).contains("running"),
                    "it says that it stopped");
            Console.Answer resumed =
                    console.run(() -> false, "--resume", console.out(name).toString(), "--quiet");
            assertEquals(1, resumed.code(), resumed.err());
            assertEquals(made, made(name), "asked " + point + " times of " + asked[0]);
            assertArrayEquals(state("whole"), state(name), "asked " + point + " times of " + asked[0]);
        }
        assertArrayEquals(
                new boolean[] {true, true, true}, seen, "while it is prepared, while it runs, while it judges");
    }

    /** Stopped again and again, each time a little later. */
    @Test
    void stoppedManyTimesItIsTheSame() throws IOException {
        console = new Console(folder);
        console.write(EXPERIMENT);
        run("whole", () -> false);
        int enough = 1;
        while (!Files.exists(console.out("often"))) {
            enough += 10;
            assertEquals(130, run("often", asked(enough)).code());
        }
        int stops = 0;
        Console.Answer answer;
        do {
            stops++;
            answer = console.run(
                    asked(enough + 4 * stops), "--resume", console.out("often").toString(), "--quiet");
        } while (answer.code() == 130);
        assertTrue(stops > 4, "stopped " + stops + " times");
        assertEquals(1, answer.code(), answer.err());
        assertEquals(made("whole"), made("often"));
        assertArrayEquals(state("whole"), state("often"));
    }

    /** Between two questions there is no more than one batch, one token, one part of a text. */
    @Test
    void itAsksBetweenBatchesTokensAndParts() throws IOException {
        console = new Console(folder);
        console.write(EXPERIMENT);
        int[] asked = new int[1];
        run("run", () -> ++asked[0] < 0);
        int evaluations = 3 * 2;
        int tokens = 2 * 2 * 12;
        int steps = 5;
        assertTrue(asked[0] > evaluations + tokens + steps, "asked " + asked[0] + " times");
    }
}
