package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experiments of a folder, in the real container: killed in the midst of one, gone on with, then stopped by Ctrl-C. */
class SuiteTest {
    private static final String EXPERIMENT = """
        {
          "schema": "kolotoc.experiment/1",
          "name": "%s",
          "data": {"id": "template-world", "characters": 20000},
          "tokenizer": {"id": "char"},
          "model": {"id": "%s", "layers": 1, "heads": 4, "width": 16, "context": 16},
          "phases": [{"id": "pretrain", "steps": %d, "batch": 12, "learningRate": 0.003}],
          "checkpointEvery": 100,
          "evaluateAt": [0],
          "controls": false,
          "criteria": [{"metric": "loss/validation", "max": %s}]
        }
        """;

    @TempDir
    Path folder;

    private void put(String name, String model, int steps, String most) throws IOException {
        Files.writeString(folder.resolve("rows/" + name + ".json"), EXPERIMENT.formatted(name, model, steps, most));
    }

    private Launch suite() {
        return Launch.start("suite", folder.resolve("rows"), "--out", folder.resolve("out"));
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("out/suite.jsonl"));
    }

    @Test
    void aKilledSuiteGoesOnWhereItWas() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("rows"));
        put("a-met", "gpt", 20, "100");
        put("b-unmet", "gpt", 20, "0.001");
        put("c-broken", "gtp", 20, "100");
        put("d-long", "gpt", 1_000_000, "100");
        Path checkpoints = folder.resolve("out/d-long/checkpoints");
        Launch killed = suite();
        killed.await("a checkpoint of the long one", () -> Files.exists(checkpoints.resolve("step-00000100")));
        assertTrue(killed.killed());
        assertEquals(
                List.of("begun", "met", "begun", "not met", "begun", "not evaluated", "begun"),
                log().stream()
                        .map(line -> line.replaceAll(".*\"state\":\"([^\"]*)\".*", "$1"))
                        .toList());

        Launch again = suite();
        again.await("the run to go on", () -> again.soFar().contains("goes on after step "));
        again.interrupt();
        Launch.Result stopped = again.end().expect(130);
        String out = stopped.out();
        assertTrue(!out.contains("[1/4]") && !out.contains("[2/4]") && out.contains("[3/4] c-broken"), out);
        for (String row : List.of(
                "a-met +met .*",
                "b-unmet +not met .*",
                "c-broken +not evaluated .*gtp.*",
                "d-long +not evaluated .*saved after step .*")) {
            assertTrue(out.lines().anyMatch(line -> line.matches(row)), () -> row + " expected in\n" + out);
        }
        assertTrue(out.contains("1 met, 1 not met, 2 not evaluated\nreports: "), out);
        String page = Files.readString(folder.resolve("out/index.html"));
        assertTrue(page.contains("href=\"a-met/report.html\"") && page.contains("d-long"), page);
    }

    /** The command comes with the runtime. */
    @Test
    void anArenaIsThereWhenItIsTyped() throws IOException {
        Path votes = Files.writeString(
                folder.resolve("votes.csv"), "left,right,winner\n" + "a,b,left\na,b,left\nb,a,left\n".repeat(9));
        Launch.Result arena = Launch.run("arena", votes, "--picture", folder.resolve("arena.svg"))
                .expect(0);
        assertTrue(arena.out().startsWith("Rank (UB)  Rank (StyleCtrl)  Model  Arena Score  95% CI"), arena.out());
        assertTrue(Files.readString(folder.resolve("arena.svg")).contains(">a</text>"));
        Launch.run("arena", folder.resolve("none.csv"))
                .expect(2)
                .says("none.csv' is no file", "./kolotoc arena --help");
    }
}
