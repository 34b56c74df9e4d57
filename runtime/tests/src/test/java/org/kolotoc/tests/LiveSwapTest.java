package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Plugins of a run are swapped while it turns: what it ends with, what is left of them, and what is said where they don't fit. */
class LiveSwapTest {
    private static final String PHASE = "org.kolotoc.phase.pretrain";
    private static final String MODEL = "org.kolotoc.model.gpt";
    /** As often as docs/reliability.md says, or a few times. */
    private static final boolean LONG = System.getProperty("kolotoc.reliability") != null;

    private static final int STEPS = LONG ? 100_000 : 2400;
    private static final int SWAPS = LONG ? 1000 : 48;
    private static final long MOST_GROWTH = 2_000_000;

    /** What only caches of the virtual machine hold, and it gives up when memory is short, is garbage too. */
    private static final List<String> NO_CACHES = List.of("-XX:SoftRefLRUPolicyMSPerMB=0");

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
              "phases": [{"id": "pretrain", "steps": %d, "batch": 4, "learningRate": 0.003, "evaluationSequences": 8,
                "optimizer": {"id": "adamw"}}],
              "samples": {"id": "text", "count": 1, "length": 8, "prompt": " "},
              "metrics": [{"id": "distinct-words"}],
              "evaluateAt": [0, 50, 301], "checkpointEvery": %d}
            """.formatted(STEPS, STEPS / 2));
        Launch.run("run", experiment, "--out", folder.resolve("alone")).expect(0);
    }

    private static Launch.Result swaps(String out, int times, Object... turns) {
        List<Object> line =
                new ArrayList<>(List.of("swaps", experiment, folder.resolve(out), times, "--plugin", driver));
        line.addAll(4, List.of(turns));
        return Launch.startWith(NO_CACHES, line.toArray())
                .end(LONG ? 3_600 : 240)
                .expect(0);
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
        for (int step : List.of(STEPS / 2, STEPS)) {
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
                SWAPS,
                "phase:pretrain",
                Assembled.jar(PHASE),
                "model:gpt",
                Assembled.jar(MODEL),
                "data:template-world",
                Assembled.jar("org.kolotoc.data"),
                "sampler",
                Assembled.jar("org.kolotoc.sampler.text"),
                "tokenizer:char",
                Assembled.jar("org.kolotoc.text"),
                "optimizer:adamw",
                Assembled.jar("org.kolotoc.optimizer"));
        assertEquals(
                "",
                result.out()
                        .lines()
                        .filter(line -> line.startsWith("refused"))
                        .findFirst()
                        .orElse(""));
        assertEquals(0, number(result, "alive"), result.out());
        assertEquals(0, number(result, "threads"), result.out());
        assertEquals(0, number(result, "files"), result.out());
        assertTrue(number(result, "heap") <= MOST_GROWTH, result.out());
        System.out.println("reliability: " + SWAPS + " swaps\n"
                + result.out().lines().filter(line -> !line.startsWith("stood")).collect(Collectors.joining("\n")));
        assertEquals(0, number(result, "left"), result.out());
        assertEquals(0, number(result, "bundles"), result.out());
        assertSameBytes("itself");
    }

    @Test
    void anotherVersionIsInTheLockAndInRunJson() throws Exception {
        swaps("versions", 2, "phase:pretrain", version(PHASE, "0.1.1"), "phase:pretrain", version(PHASE, "0.1.2"));
        assertSameBytes("versions");
        JsonObject changed = json(folder.resolve("versions/run.json"))
                .getAsJsonArray("plugins")
                .get(0)
                .getAsJsonObject();
        assertEquals(0, changed.get("step").getAsInt());
        assertEquals("phase 'pretrain'", changed.get("seat").getAsString());
        assertTrue(changed.get("was").getAsString().startsWith(PHASE + " 0.1.0 ("), changed::toString);
        assertTrue(changed.get("is").getAsString().startsWith(PHASE + " 0.1.1 ("), changed::toString);
        JsonArray seats = json(folder.resolve("versions/lock.json")).getAsJsonArray("seats");
        assertEquals(
                "0.1.2",
                seats.get(seats.size() - 1)
                        .getAsJsonObject()
                        .getAsJsonObject("bundle")
                        .get("version")
                        .getAsString());
        JsonArray plugins = json(folder.resolve("versions/run.json")).getAsJsonArray("plugins");
        int later = plugins.get(1).getAsJsonObject().get("step").getAsInt();
        assertTrue(later > 0, plugins::toString);
        Launch.Result replayed =
                Launch.run("replay", folder.resolve("versions")).expect(0);
        assertTrue(replayed.out().contains("equal up to step " + STEPS), replayed.out());
    }

    /**
     * A plugin that does something else comes in the middle of the run. Whoever goes back before it, to replay the run or to go
     * on with it, has it come at the same step.
     */
    @Test
    void aSwapIsMadeAgainAtItsStep() throws Exception {
        swaps(
                "other",
                2,
                "phase:pretrain",
                Assembled.jar(PHASE),
                "optimizer:adamw",
                OutsideBundle.build("decaying", folder.resolve("decaying-classes")));
        Path other = folder.resolve("other");
        JsonArray plugins = json(other.resolve("run.json")).getAsJsonArray("plugins");
        JsonObject changed = plugins.get(plugins.size() - 1).getAsJsonObject();
        int step = changed.get("step").getAsInt();
        assertTrue(step > 0, plugins::toString);
        List<String> trained = metrics("other").stream()
                .filter(line -> line.contains("loss/train"))
                .toList();
        List<String> alone = metrics("alone").stream()
                .filter(line -> line.contains("loss/train"))
                .toList();
        assertEquals(alone.subList(0, step), trained.subList(0, step));
        assertNotEquals(alone.get(step + 1), trained.get(step + 1), "another optimiser, another loss");
        Launch.Result replayed = Launch.run("replay", other).expect(0);
        assertTrue(replayed.out().contains("equal up to step " + STEPS), replayed.out());
        Path state = Tiny.state(other, STEPS);
        Path first = Files.copy(state, folder.resolve("first.safetensors"));
        Launch.run("run", "--resume", other, "--from", 0).expect(0);
        assertEquals(-1, Files.mismatch(first, state));
        assertEquals(
                trained,
                metrics("other").stream()
                        .filter(line -> line.contains("loss/train"))
                        .toList());
        JsonArray again = json(other.resolve("run.json")).getAsJsonArray("plugins");
        assertEquals(changed, again.get(again.size() - 1));
        assertEquals(
                step,
                json(other.resolve("lock.json"))
                        .getAsJsonArray("seats")
                        .asList()
                        .getLast()
                        .getAsJsonObject()
                        .get("step")
                        .getAsInt());
    }

    /** What does not fit is told, and the run goes on as if nothing had been asked. */
    @Test
    void whatDoesNotFitIsRefusedAndChangesNoBit() throws Exception {
        Path lacking = PluginJars.copy(
                Assembled.jar(PHASE), folder.resolve("lacking.jar"), Map.of("Import-Package", "com.acme.gone"));
        Path text = Files.writeString(folder.resolve("text.jar"), "no bundle");
        Launch.Result result = swaps(
                "unfit",
                6,
                "phase:pretrain",
                OutsideBundle.build("unfit", folder.resolve("unfit-classes")),
                "phase:pretrain",
                lacking,
                "model:gpt",
                Assembled.jar(PHASE),
                "phase:pretain",
                Assembled.jar(PHASE),
                "phase:pretrain",
                text,
                "phase:pretrain",
                folder.resolve("nowhere.jar"));
        List<String> expected = List.of(
                "phase 'pretrain' is not swapped, the run goes on as it was: the run is not one of this experiment",
                "can't be used",
                "the phase 'pretrain'; expected the model 'gpt'",
                "'phase:pretain' is no seat of this run; did you mean 'phase:pretrain'?",
                "is no bundle",
                "nowhere.jar is not there");
        List<String> refused =
                result.out().lines().filter(line -> line.startsWith("refused ")).toList();
        assertEquals(expected.size(), refused.size(), result.out());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(refused.get(i).contains(expected.get(i)), "«" + expected.get(i) + "» in " + refused.get(i));
        }
        assertEquals(0, number(result, "bundles"), result.out());
        assertSameBytes("unfit");
        assertFalse(json(folder.resolve("unfit/run.json")).has("plugins"));
    }
}
