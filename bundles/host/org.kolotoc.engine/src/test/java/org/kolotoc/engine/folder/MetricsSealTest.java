package org.kolotoc.engine.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.TestFiles;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Hash;

/** What was measured belongs to the checkpoint it was measured before: a verdict is made of both or of neither. */
final class MetricsSealTest {
    @TempDir
    Path folder;

    private Console console;
    private Path run;
    private Path metrics;
    private List<String> lines;

    /** Steps 0 to 7, checkpoints of 5 and 7, evaluations at 0 and 4. */
    @BeforeEach
    void stoppedRun() throws IOException {
        console = new Console(folder);
        run = console.out("run");
        metrics = run.resolve("metrics.jsonl");
        Console.Answer answer =
                console.run(Console.before(8), console.experiment().toString(), "--out", run.toString(), "--quiet");
        assertEquals(130, answer.code(), answer.err());
        lines = Files.readAllLines(metrics);
        assertEquals(9, lines.size());
    }

    private Console.Answer resume(String... more) {
        List<String> line = new ArrayList<>(List.of("--resume", run.toString(), "--quiet"));
        line.addAll(List.of(more));
        return console.run(() -> false, line.toArray(String[]::new));
    }

    private void refused(String what, String found) throws IOException {
        byte[] before = Files.exists(metrics) ? Files.readAllBytes(metrics) : null;
        Console.Answer answer = resume();
        assertEquals(2, answer.code(), what + ": " + answer.out() + answer.err());
        assertTrue(answer.err().contains(metrics + " is not the one that the checkpoint of step 7"), answer.err());
        assertTrue(answer.err().contains("recorded 9 lines, "), answer.err());
        assertTrue(answer.err().contains("found " + found), what + ": " + answer.err());
        assertEquals(
                before == null ? "none" : Hash.of(before),
                Files.exists(metrics) ? Hash.of(metrics) : "none",
                what + ": nothing is changed by a run that is refused");
    }

    private void rewrite(UnaryOperator<List<String>> change) throws IOException {
        List<String> changed = change.apply(new ArrayList<>(lines));
        Files.writeString(metrics, changed.isEmpty() ? "" : String.join("\n", changed) + "\n");
    }

    @Test
    void otherMetricsAreRefused() throws IOException {
        Files.delete(metrics);
        refused("missing", "no such file");
        rewrite(_ -> List.of());
        refused("emptied", "0 lines, 0 bytes");
        rewrite(list -> list.subList(0, 8));
        refused("shortened by a line", "8 lines");
        rewrite(list -> list.subList(1, 9));
        refused("beheaded", "8 lines");
        Files.writeString(metrics, String.join("\n", lines));
        refused("its last line end is gone", "8 lines");
        rewrite(list -> {
            list.set(4, list.get(4).replace("pretrain", "pretrayn"));
            return list;
        });
        refused("another letter", "9 lines");
        rewrite(list -> {
            Collections.swap(list, 2, 3);
            return list;
        });
        refused("in another order", "9 lines");
        rewrite(list -> list);
        assertEquals(0, resume().code(), "the former file, put back as the message says");
    }

    @Test
    void theCommandItNamesGoesOn() throws IOException {
        rewrite(list -> list.subList(0, 7));
        Console.Answer answer = resume();
        String next = "go on from a checkpoint that it belongs to: ./kolotoc run --resume " + run + " --from 5";
        assertTrue(answer.err().contains(next), answer.err());
        assertEquals(0, resume("--from", "5").code());
        assertEquals(12, Console.steps(run).size());

        TestFiles.delete(run.resolve("checkpoints/step-00000005"));
        Files.delete(metrics);
        answer = resume();
        String anew = "begin a new run: ./kolotoc run " + run.resolve("experiment.json");
        assertTrue(answer.err().contains(anew), answer.err());
        assertEquals(
                0,
                console.run(() -> false, run.resolve("experiment.json").toString(), "--quiet")
                        .code());
    }

    /** Killed after steps that no checkpoint has: they are made again, and what they said is kept aside. */
    @Test
    void whatWasMeasuredAfterTheCheckpointIsSetAside() throws IOException {
        Files.writeString(
                metrics, String.join("\n", lines) + "\n" + lines.getLast().replace(":7,", ":8,") + "\n{\"st");
        String killed = Files.readString(metrics);
        Console.Answer answer = console.run(Console.before(1), "--resume", run.toString());
        assertEquals(130, answer.code(), answer.err());
        assertTrue(answer.out().contains("set aside what came after step 7: lines of metrics.jsonl"), answer.out());
        List<String> aside = TestFiles.names(run.resolve("superseded"));
        assertEquals(1, aside.size());
        assertEquals(
                killed,
                Files.readString(
                        run.resolve("superseded").resolve(aside.getFirst()).resolve("metrics.jsonl")));
        assertEquals(lines, Files.readAllLines(metrics));

        Files.writeString(metrics, String.join("\n", lines) + "\n{\"st");
        assertEquals(0, resume().code());
        assertEquals(aside, TestFiles.names(run.resolve("superseded")), "half a line tells nothing");
        assertEquals(12, Console.steps(run).size());
    }

    /** Of an older version: no seal of the metrics, evaluations in the lines of their steps. */
    @Test
    void aRunOfAnOlderVersionGoesOnWithAWarning() throws IOException {
        assertEquals(0, console.small("whole", "--quiet").code());
        for (String step : TestFiles.names(run.resolve("checkpoints"))) {
            Path file = run.resolve("checkpoints").resolve(step).resolve("checkpoint.json");
            TestFiles.reseal(file, json -> json.remove("metrics"));
        }
        List<String> older = new ArrayList<>();
        for (String line : lines) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            json.remove("phase");
            json.remove("phaseStep");
            if (json.remove("evaluation") != null && !older.isEmpty()) {
                JsonObject step = JsonParser.parseString(older.removeLast()).getAsJsonObject();
                json.entrySet().forEach(entry -> step.add(entry.getKey(), entry.getValue()));
                older.add(step.toString());
            } else {
                json.add("tokensPerSecond", new JsonPrimitive(5));
                older.add(json.toString());
            }
        }
        assertEquals(8, older.size());
        Files.writeString(metrics, String.join("\n", older) + "\n{\"step\": 8, \"lo");
        Console.Answer answer = resume(
                "--set",
                "criteria=[{\"metric\": \"loss/validation\", \"step\": 4, \"max\": 9}]",
                "--set",
                "controls=false");
        assertEquals(0, answer.code(), answer.out() + answer.err());
        assertTrue(answer.err().startsWith("warning: the checkpoint of step 7 is of an older version"), answer.err());
        assertEquals(1, answer.err().lines().count(), answer.err());
        assertTrue(Files.readString(run.resolve("verdict.json")).contains("\"met\""));
        assertEquals(
                Hash.of(console.out("whole").resolve("checkpoints/step-00000012/state.safetensors")),
                Hash.of(run.resolve("checkpoints/step-00000012/state.safetensors")));
        assertEquals("", resume().err(), "the newest checkpoint says which metrics belong to it");
        assertFalse(resume("--from", "12").err().contains("older"));
    }
}
