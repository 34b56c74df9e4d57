package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Plugins of a run are swapped while it turns: what it ends with, what is left of them, and what is said where they don't fit. */
class LiveSwapTest {
    private static final String PHASE = "org.kolotoc.phase.pretrain";
    private static final String MODEL = "org.kolotoc.model.gpt";
    private static final int STEPS = 1500;

    @TempDir
    static Path folder;

    private static Path driver;
    private static Path experiment;

    /** An experiment whose every seat can be swapped, and the run of it in which nothing is. */
    @BeforeAll
    static void runAlone() throws Exception {
        driver = OutsideBundle.build(
                "swaps",
                folder.resolve("driver"),
                Assembled.jar("org.kolotoc.engine"),
                OutsideBundle.home(Bundle.class).toPath());
        experiment = folder.resolve("tiny.json");
        Files.writeString(experiment, """
            {"schema": "kolotoc.experiment/1", "name": "tiny", "seed": 3,
              "data": {"id": "template-world", "characters": 20000},
              "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 16, "context": 16, "dropout": 0.1},
              "phases": [{"id": "pretrain", "steps": %d, "batch": 4, "learningRate": 0.003, "evaluationSequences": 8}],
              "samples": {"id": "text", "count": 1, "length": 8, "prompt": " "},
              "metrics": [{"id": "distinct-words"}],
              "evaluateAt": [0, 50, 301], "checkpointEvery": 500}
            """.formatted(STEPS));
        Launch.run("run", experiment, "--out", folder.resolve("alone")).expect(0);
    }

    private static Launch.Result swaps(String out, int times, Object... turns) {
        List<Object> line =
                new ArrayList<>(List.of("swaps", experiment, folder.resolve(out), times, "--plugin", driver));
        line.addAll(4, List.of(turns));
        return Launch.run(line.toArray()).expect(0);
    }

    private static Path version(String bundle, String version) throws Exception {
        return PluginJars.copy(
                Assembled.jar(bundle),
                folder.resolve(bundle + "-" + version + ".jar"),
                Map.of("Bundle-Version", version));
    }

    private static List<String> metrics(String run) throws IOException {
        return Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", ""))
                .toList();
    }

    private static void assertSameBytes(String run) throws IOException {
        assertEquals(metrics("alone"), metrics(run));
        for (int step : List.of(500, 1000, STEPS)) {
            assertEquals(
                    -1,
                    Files.mismatch(Tiny.state(folder.resolve("alone"), step), Tiny.state(folder.resolve(run), step)),
                    "state after step " + step);
        }
    }

    private static long number(Launch.Result result, String name) {
        return result.out()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Long.parseLong(line.split(" ")[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + result.out()));
    }

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    @Test
    void everySeatSwappedForItselfChangesNoBit() throws Exception {
        Launch.Result result = swaps(
                "itself",
                100,
                "phase:pretrain",
                Assembled.jar(PHASE),
                "model:gpt",
                Assembled.jar(MODEL),
                "data:template-world",
                Assembled.jar("org.kolotoc.data"),
                "sampler",
                Assembled.jar("org.kolotoc.sampler.text"),
                "tokenizer:char",
                Assembled.jar("org.kolotoc.text"));
        assertEquals(
                "",
                result.out()
                        .lines()
                        .filter(line -> line.startsWith("refused"))
                        .findFirst()
                        .orElse(""));
        assertEquals(0, number(result, "alive"), result.out());
        assertEquals(0, number(result, "bundles"), result.out());
        assertSameBytes("itself");
    }

    @Test
    void anotherVersionIsInTheLockAndInRunJson() throws Exception {
        swaps("versions", 1, "phase:pretrain", version(PHASE, "0.1.1"));
        assertSameBytes("versions");
        JsonObject status = json(folder.resolve("versions/run.json"));
        System.out.println(status);
        JsonObject lock = json(folder.resolve("versions/lock.json"));
        System.out.println(lock.get("seats"));
        assertTrue(lock.get("seats").toString().contains("0.1.1"));
        Launch.run("replay", folder.resolve("versions")).expect(0);
    }
}
