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
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two families that the program has never heard of, each a data source, models, a phase, a sampler and a judge by somebody who
 * has no more than the published contracts: pictures by a generator and a critic that train each other, and points by a
 * denoiser. Each is trained once; all else begins in the middle of that run.
 */
final class OutsidePicturesTest {
    @TempDir
    static Path folder;

    private static final Map<String, Launch> PROCESSES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        for (String name : List.of("pictures", "points")) {
            OutsideBundle.build(name, Files.createDirectory(folder.resolve(name)));
            PROCESSES.put(name, Launch.start(line(name, "run", "--out", run(name))));
        }
        PROCESSES.put("explain", Launch.start(line("pictures", "explain")));
        PROCESSES.put(
                "swapped",
                Launch.start(line(
                        "pictures",
                        "run",
                        "--set",
                        "phases.0.models={\"generator\":\"critic\",\"critic\":\"generator\",\"average\":\"average\"}",
                        "--out",
                        folder.resolve("swapped"))));
        for (String name : List.of("pictures", "points")) {
            end(name);
            Assembled.copy(run(name), folder.resolve(name + "-resumed"));
            PROCESSES.put(
                    name + " resumed",
                    Launch.start(
                            "run", "--resume", folder.resolve(name + "-resumed"), "--from", half(name), "--trust"));
            PROCESSES.put(name + " replayed", Launch.start("replay", run(name), "--json", "--trust"));
            PROCESSES.put(
                    name + " sampled",
                    Launch.start("sample", run(name), "--folder", folder.resolve(name + "-sampled"), "--trust"));
        }
    }

    private static Object[] line(String name, String command, Object... more) {
        List<Object> line = new ArrayList<>(List.of(
                command,
                OutsideBundle.sources(name).resolve(name + ".json"),
                "--plugin",
                folder.resolve(name).resolve(name + ".jar")));
        line.addAll(List.of(more));
        return line.toArray();
    }

    private static Path run(String name) {
        return folder.resolve(name + "-run");
    }

    private static int half(String name) {
        return name.equals("pictures") ? 200 : 300;
    }

    private static Launch.Result end(String process) {
        return PROCESSES.get(process).end();
    }

    private static JsonObject json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    @TestFactory
    Stream<DynamicTest> everyPartPassesTheSuiteOfItsSeat() throws IOException {
        List<DynamicTest> suites = new ArrayList<>();
        for (String name : List.of("pictures", "points")) {
            suites.addAll(OutsideBundle.suites(name, Files.createDirectory(folder.resolve(name + "-suites")))
                    .toList());
        }
        assertEquals(11, suites.size());
        return suites.stream();
    }

    @ParameterizedTest
    @CsvSource({"pictures, png", "points, svg"})
    void theCriteriaAreMetAndEveryControlIsRefused(String name, String ending) throws IOException {
        end(name).expect(0);
        JsonObject verdict = json(run(name).resolve("verdict.json"));
        assertEquals("met", verdict.get("verdict").getAsString());
        JsonObject controls = verdict.getAsJsonObject("controlsRefusedBy");
        assertEquals(
                new TreeSet<>(List.of("untrained", "shuffled", "constant", "replayed")),
                new TreeSet<>(controls.keySet()));
        String step = String.format("samples/step-%08d/0.", 2 * half(name));
        assertTrue(Files.size(run(name).resolve(step + ending)) > 500);
        assertTrue(
                Files.readString(run(name).resolve("report.html")).contains("data:image/" + ending),
                "the report shows pictures");
    }

    @ParameterizedTest
    @CsvSource({"pictures", "points"})
    void resumedInTheMiddleItEndsWithTheSameBytes(String name) throws IOException {
        end(name + " resumed").expect(0);
        Path resumed = folder.resolve(name + "-resumed");
        int steps = 2 * half(name);
        assertEquals(-1, Files.mismatch(Tiny.state(run(name), steps), Tiny.state(resumed, steps)));
        assertTrue(Files.mismatch(Tiny.state(run(name), half(name)), Tiny.state(run(name), steps)) >= 0);
        assertEquals(
                Files.readString(run(name).resolve("verdict.json")), Files.readString(resumed.resolve("verdict.json")));
        String sample = String.format("samples/step-%08d/0.%s", steps, name.equals("pictures") ? "png" : "svg");
        assertEquals(-1, Files.mismatch(run(name).resolve(sample), resumed.resolve(sample)));
    }

    @ParameterizedTest
    @CsvSource({"pictures", "points"})
    void replayedItIsEqual(String name) {
        JsonObject outcome =
                JsonParser.parseString(end(name + " replayed").expect(0).out()).getAsJsonObject();
        assertEquals(2 * half(name), outcome.get("equalUpTo").getAsInt(), outcome::toString);
    }

    @ParameterizedTest
    @CsvSource({"pictures, png", "points, svg"})
    void theRunFolderAloneDrawsPictures(String name, String ending) throws IOException {
        end(name + " sampled").expect(0);
        assertTrue(Files.size(folder.resolve(name + "-sampled").resolve("0." + ending)) > 500);
    }

    @Test
    void whatIsExplainedHasEveryModelAndProgram() {
        String out = end("explain").expect(0).out();
        for (String line : List.of(
                "generator +glyph-generator +\\d+ +512 .*f32 noise\\[batch,latent] -> f32 pixels\\[batch,pixel]",
                "average +glyph-generator +\\d+ +512 .*f32 noise\\[batch,latent] -> f32 pixels\\[batch,pixel]",
                "critic +critic +\\d+ +0 .*f32 pixels\\[batch,pixel] -> f32 score\\[batch]",
                "program (critic|generator|evaluate): .*")) {
            assertTrue(out.lines().anyMatch(l -> l.matches(line)), () -> line + " expected in:\n" + out);
        }
    }

    @Test
    void aCriticIsNoGeneratorAndThatIsToldBeforeAnythingIsComputed() {
        end("swapped")
                .expect(2)
                .says(
                        "$.phases[0].models.generator: the model 'critic' is none for",
                        "'f32 noise[batch,latent] -> f32 pixels[batch,pixel]'; this one offers"
                                + " 'f32 pixels[batch,pixel] -> f32 score[batch]'",
                        "$.phases[0].models.critic: the model 'generator' is none for");
        assertFalse(Files.exists(folder.resolve("swapped")));
    }
}
