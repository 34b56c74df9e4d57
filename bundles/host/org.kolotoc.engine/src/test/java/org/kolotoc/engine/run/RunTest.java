package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.folder.MetricsReader;

/** What a run leaves behind, and what its exit code says. */
final class RunTest {
    private static final String CRITERIA = "\"metrics\": [{\"id\": \"word-rate\"}, {\"id\": \"longest-copy\"}]";

    @TempDir
    Path folder;

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    @Test
    void writesOneFolderWithEverything() throws IOException {
        Console console = new Console(folder);
        Console.Answer answer = console.small("run");
        assertEquals(0, answer.code(), answer.err());
        Path run = console.out("run");
        List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        List<Integer> steps = new ArrayList<>();
        List<Integer> evaluations = new ArrayList<>();
        for (String text : lines) {
            JsonObject line = JsonParser.parseString(text).getAsJsonObject();
            int step = line.get("step").getAsInt();
            assertEquals("pretrain", line.get("phase").getAsString());
            assertEquals(step, line.get("phaseStep").getAsInt());
            boolean evaluation = line.has("evaluation");
            (evaluation ? evaluations : steps).add(step);
            assertEquals(evaluation, line.has("loss/validation"), text);
            assertEquals(evaluation && step != 10, line.has("word-rate"), "samples: " + text);
            assertEquals(!evaluation, line.has("loss/train") && line.has("tokensPerSecond"), text);
            assertTrue(line.has("seconds"), text);
            assertTrue(!evaluation || step == 0 || steps.getLast() == step, "an evaluation comes after its step");
        }
        assertEquals(IntStream.rangeClosed(1, 12).boxed().toList(), steps, "a line a step");
        assertEquals(List.of(0, 4, 10, 12), evaluations, "and one an evaluation");
        assertEquals(
                "kolotoc.run/1", json(run.resolve("run.json")).get("schema").getAsString());
        assertTrue(json(run.resolve("run.json"))
                        .getAsJsonObject("memory")
                        .get("predictedBytes")
                        .getAsLong()
                > 0);
        assertEquals("finished", json(run.resolve("run.json")).get("status").getAsString());
        assertEquals("none", json(run.resolve("verdict.json")).get("verdict").getAsString());
        JsonObject lock = json(run.resolve("lock.json"));
        assertTrue(lock.getAsJsonArray("bundles").toString().contains("test.model.gpt"), lock.toString());
        assertEquals("reference", lock.get("backend").getAsString());
        for (int step : new int[] {5, 10, 12}) {
            assertTrue(Files.exists(run.resolve("checkpoints/step-%08d/state.safetensors".formatted(step))));
        }
        assertEquals(
                12, Files.readString(run.resolve("samples/step-00000004/1.txt")).length(), "characters of a sample");
        String report = Files.readString(run.resolve("report.html"));
        assertTrue(
                report.contains("<svg") && !report.contains("src=\"http") && !report.contains("<script src"),
                "self-contained");
        assertTrue(report.contains("src=\"data:image/svg+xml;base64,"), "the whole is in it");
        assertTrue(Files.readString(run.resolve("experiment.svg")).contains("pretrain trains model"), "and beside it");
    }

    @Test
    void whatSamplesTakeIsPredicted() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("with").code());
        console.write(Console.SMALL.replaceFirst(" *\"samples\":.*\n", "").replaceFirst(",\\s*\"metrics\".*\n", "\n"));
        Console.Answer without = console.small("without");
        assertEquals(0, without.code(), without.err());
        long difference = predicted("with") - predicted("without");
        // Of two texts side by side: keys and values of 8 positions and 8 that pad, in one layer of width 8, and 27 or
        // more
        // logits. On the reference each value of a program that reads 8 tokens of both has memory of its own.
        long least = 2 * 4 * (2 * 8 * 16 + 27);
        assertTrue(difference >= least && difference < 60 * least, difference + " bytes, at least " + least);
    }

    private long predicted(String run) throws IOException {
        return json(folder.resolve("runs").resolve(run).resolve("run.json"))
                .getAsJsonObject("memory")
                .get("predictedBytes")
                .getAsLong();
    }

    /** 300 steps: enough to learn which character follows which, which a model of shuffled text can't. */
    @Test
    void criteriaDecideTheExitCode() throws IOException {
        Console console = new Console(folder);
        console.write(Console.SMALL.replace(
                CRITERIA,
                CRITERIA.replace("}]", "}, {\"id\": \"distinct-words\"}]")
                        + ", \"criteria\": [{\"metric\": \"loss/validation\", \"max\": 2.6}, {\"metric\":"
                        + " \"longest-copy\", \"max\": 8}, {\"metric\": \"distinct-words\", \"min\": 0.6}]"));
        Console.Answer met = console.small(
                "met",
                "--set",
                "phases.0={\"id\": \"pretrain\", \"steps\": 300, \"batch\": 8, \"learningRate\": 0.02}",
                "--set",
                "model.width=16",
                "--set",
                "model.dropout=0");
        assertEquals(0, met.code(), met.out() + met.err());
        JsonObject verdict = json(console.out("met").resolve("verdict.json"));
        assertEquals("met", verdict.get("verdict").getAsString());
        JsonObject controls = verdict.getAsJsonObject("controlsRefusedBy");
        assertEquals(
                List.of("constant", "replayed", "shuffled", "untrained"),
                controls.keySet().stream().sorted().toList());
        assertTrue(controls.get("untrained").getAsString().startsWith("loss/validation"), controls.toString());
        assertTrue(controls.get("shuffled").getAsString().startsWith("loss/validation"), controls.toString());
        assertTrue(controls.get("replayed").getAsString().startsWith("longest-copy"), controls.toString());
        assertTrue(controls.get("constant").getAsString().contains("distinct-words"), controls.toString());
        Console.Answer missed = console.small("missed", "--set", "criteria.0.max=0.5");
        assertEquals(1, missed.code(), missed.out() + missed.err());
        assertTrue(missed.out().contains("not met"), missed.out());
    }

    @Test
    void criteriaThatAFakeMeetsAreVoid() throws IOException {
        Console console = new Console(folder);
        console.write(Console.SMALL.replace(
                CRITERIA, CRITERIA + ", \"criteria\": [{\"metric\": \"loss/validation\", \"max\": 99}]"));
        Console.Answer answer = console.small("run");
        assertEquals(1, answer.code(), answer.out());
        assertTrue(answer.out().contains("verdict: void"), answer.out());
    }

    @Test
    void everyEventIsALineOfJsonWhereThatIsAskedFor() throws IOException {
        Console console = new Console(folder);
        Console.Answer answer = console.small("run", "--json");
        List<JsonObject> events = answer.out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        List<String> names =
                events.stream().map(event -> event.get("event").getAsString()).toList();
        assertEquals("began", names.getFirst());
        assertEquals(12, names.stream().filter("stepped"::equals).count());
        assertEquals(3, names.stream().filter("saved"::equals).count(), "5, 10 and the last");
        assertTrue(names.containsAll(List.of("evaluated", "sampled")), names::toString);
        JsonObject judged = events.get(events.size() - 2);
        assertEquals("judged", judged.get("event").getAsString());
        assertEquals("none", judged.get("verdict").getAsString());
        assertEquals("finished", events.getLast().get("state").getAsString());
        JsonObject last = events.reversed().stream()
                .filter(event -> event.get("event").getAsString().equals("stepped"))
                .findFirst()
                .orElseThrow();
        List<Double> losses = new ArrayList<>();
        MetricsReader.read(console.out("run").resolve(MetricsReader.FILE), (line, _) -> {
            if (!line.evaluation()) {
                losses.add(line.measures().get("loss/train"));
            }
        });
        assertEquals(
                losses.getLast(),
                last.getAsJsonObject("measures").get("loss/train").getAsDouble());
        Console.Answer quiet = console.small("quiet", "--quiet");
        assertFalse(quiet.out().contains("step 1"), quiet.out());
        assertTrue(quiet.out().contains("verdict: none"), quiet.out());
    }
}
