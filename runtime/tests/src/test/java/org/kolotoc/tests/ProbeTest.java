package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/**
 * Probes in compiled runs, of a GPT and of families that the program has never heard of: pictures by two models that train each
 * other, and an encoder over padded rows. Each runs alone and looked into.
 */
@DisabledOnOs(OS.WINDOWS)
final class ProbeTest {
    private static final int STEPS = 24;

    @TempDir
    static Path folder;

    private static final Map<String, Launch> PROCESSES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        Path driver = OutsideBundle.build(
                "probes",
                Files.createDirectory(folder.resolve("driver")),
                Assembled.jar("org.kolotoc.engine"),
                OutsideBundle.home(Bundle.class).toPath());
        Path tiny = folder.resolve("tiny.json");
        Files.writeString(tiny, """
            {"schema": "kolotoc.experiment/1", "name": "tiny", "seed": 3,
              "data": {"id": "template-world", "characters": 20000},
              "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 2, "heads": 2, "width": 16, "context": 16},
              "phases": [{"id": "pretrain", "steps": 24, "batch": 4, "learningRate": 0.003, "evaluationSequences": 8}],
              "evaluateAt": [0], "checkpointEvery": 8}
            """);
        probe("tiny", driver, tiny, Assembled.jar("org.kolotoc.phase.pretrain"), List.of());
        for (String name : List.of("pictures", "masked")) {
            Path jar = OutsideBundle.build(name, Files.createDirectory(folder.resolve(name)));
            probe(
                    name,
                    driver,
                    OutsideBundle.sources(name).resolve(name + ".json"),
                    jar,
                    List.of("--plugin", jar),
                    "phases.0.steps=" + STEPS,
                    "evaluateAt=[0]",
                    "criteria=[]",
                    "metrics=[]",
                    "samples=null",
                    "checkpointEvery=8");
        }
    }

    private static void probe(String name, Path driver, Path experiment, Path jar, List<?> plugin, String... sets) {
        List<Object> line = new ArrayList<>(List.of("probes", experiment, folder.resolve(name + "-runs"), jar));
        line.addAll(List.of(sets));
        line.addAll(List.of("--plugin", driver));
        line.addAll(plugin);
        PROCESSES.put(name, Launch.start(line.toArray()));
    }

    private static Path run(String name, String which) {
        return folder.resolve(name + "-runs").resolve(which);
    }

    private static List<JsonObject> lines(String name, String probe) throws IOException {
        return Files.readAllLines(run(name, "probed").resolve("probes.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.get("probe").getAsString().equals(probe))
                .toList();
    }

    private static Set<String> names(String name, String probe) throws IOException {
        Set<String> names = new TreeSet<>();
        lines(name, probe)
                .forEach(line -> names.addAll(line.getAsJsonObject("values").keySet()));
        return names;
    }

    private static List<String> metrics(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", ""))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "pictures", "masked"})
    void theRunIsTheSameToTheBit(String name) throws IOException {
        String out = PROCESSES.get(name).end().expect(0).out();
        assertTrue(out.contains("swapped phase '") && out.contains("state FINISHED"), out);
        assertTrue(out.contains("probes " + (name.equals("pictures") ? 4 : 5) + "\n"), out);
        assertEquals(metrics(run(name, "alone")), metrics(run(name, "probed")));
        for (int step : List.of(8, 16, STEPS)) {
            assertEquals(
                    -1,
                    Files.mismatch(Tiny.state(run(name, "alone"), step), Tiny.state(run(name, "probed"), step)),
                    "state after step " + step);
        }
        String report = Files.readString(run(name, "probed").resolve("report.html"));
        assertTrue(report.contains("What probes read"), report);
        assertFalse(Files.exists(run(name, "alone").resolve("probes.jsonl")));
    }

    @Test
    void twoModelsThatTrainEachOtherAreLookedIntoWithoutAWordOfTheirs() throws IOException {
        String out = PROCESSES.get("pictures").end().out();
        assertTrue(
                out.contains("refused the probe 'attention' finds nothing to read in the programs of the phase"
                        + " 'glyph-game': critic, generator, evaluate"),
                out);
        List<JsonObject> first = lines("pictures", "gradient-norms").stream()
                .filter(line -> line.get("step").getAsInt() == 1)
                .toList();
        assertEquals(
                List.of("critic 1", "critic 2", "critic 3", "generator 1"),
                first.stream()
                        .map(line -> line.get("program").getAsString() + " "
                                + line.get("run").getAsInt())
                        .toList());
        assertTrue(names("pictures", "gradient-norms").stream().anyMatch(name -> name.startsWith("critic/")));
        assertTrue(
                names("pictures", "update-ratio").stream().anyMatch(name -> name.startsWith("average/")),
                "the moving average is a model, too");
        assertTrue(
                names("pictures", "activations").stream().anyMatch(name -> name.matches("Generator\\.java:\\d+.*/std")),
                () -> "where nothing is named, the line is: " + first);
    }

    @Test
    void attentionIsFoundInAnEncoderOverPaddedRows() throws IOException {
        PROCESSES.get("masked").end().expect(0);
        PROCESSES.get("tiny").end().expect(0);
        for (String name : List.of("masked", "tiny")) {
            JsonObject line = lines(name, "attention").getLast();
            assertTrue(
                    line.getAsJsonObject("values").keySet().stream().anyMatch(key -> key.endsWith("/entropy/head1")));
            for (var picture : line.getAsJsonArray("pictures")) {
                assertTrue(Files.size(run(name, "probed").resolve(picture.getAsString())) > 60);
            }
        }
        assertEquals(
                2,
                lines("tiny", "attention").getLast().getAsJsonArray("pictures").size(),
                "a layer each");
    }
}
