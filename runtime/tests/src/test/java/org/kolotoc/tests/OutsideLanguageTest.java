package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Language beyond the next token, by people who have no more than the published contracts: an encoder over padded rows, an
 * encoder with a decoder, answers that are rewarded (whose run is in {@link OutsideChainTest}). Each project passes the suites of its seats, and its experiment meets criteria that refuse its controls.
 */
final class OutsideLanguageTest {
    private static final List<String> PROJECTS = List.of("masked", "reversed", "rlhf");
    private static final int MOST_LINES = 380;

    @TempDir
    static Path folder;

    private static final Map<String, Launch> PROCESSES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        Path masked = OutsideBundle.build("masked", jars);
        Path reversed = OutsideBundle.build("reversed", jars);
        PROCESSES.put("masked", run("masked", "masked", masked));
        PROCESSES.put(
                "padded", run("padded", "masked", masked, "phases.masked.steps=10", "data.padding=5", "criteria=[]"));
        PROCESSES.put("short", run("short", "masked", masked, "phases.masked.steps=10", "criteria=[]"));
        PROCESSES.put("reversed", run("reversed", "reversed", reversed));
        PROCESSES.put("pretrained", run("pretrained", "masked", masked, PRETRAINED, "criteria.0.max=1.2"));
    }

    private static final String PRETRAINED =
            "phases=[{\"id\":\"pretrain\",\"steps\":300,\"batch\":16,\"context\":12,\"learningRate\":0.01,\"warmup\":10}]";

    /** A run of the experiment beside a project's sources. */
    private static Launch run(String name, String project, Path jar, String... sets) {
        List<Object> line = new ArrayList<>(List.of(
                "run",
                OutsideBundle.sources(project).resolve(project + ".json"),
                "--plugin",
                jar,
                "--out",
                folder.resolve(name)));
        for (String set : sets) {
            line.addAll(List.of("--set", set));
        }
        return Launch.start(line.toArray());
    }

    private static Launch.Result end(String process) {
        return PROCESSES.get(process).end();
    }

    private static JsonObject verdict(String run) throws Exception {
        return JsonParser.parseString(Files.readString(folder.resolve(run).resolve("verdict.json")))
                .getAsJsonObject();
    }

    private static void assertMet(String run) throws Exception {
        end(run).expect(0);
        assertEquals("met", verdict(run).get("verdict").getAsString());
        assertTrue(verdict(run).getAsJsonObject("controlsRefusedBy").size() >= 2, () -> run + " has too few controls");
    }

    @TestFactory
    Stream<DynamicTest> theirSeatsPassTheSuites() throws Exception {
        List<DynamicTest> all = new ArrayList<>();
        for (String name : PROJECTS) {
            all.addAll(OutsideBundle.suites(name, Files.createDirectory(folder.resolve(name + "-suites")))
                    .toList());
        }
        return all.stream();
    }

    @TestFactory
    Stream<DynamicTest> eachCanBeRead() {
        return PROJECTS.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    long lines = 0;
                    for (Path file : Assembled.files(OutsideBundle.sources(name), ".java")) {
                        if (!file.getParent().endsWith("test")) {
                            lines += Files.readAllLines(file).stream()
                                    .filter(line -> !line.isBlank())
                                    .count();
                        }
                    }
                    long all = lines;
                    assertTrue(lines <= MOST_LINES, () -> name + " has " + all + " lines");
                }));
    }

    @Test
    void anEncoderLearnsFromRowsOfDifferentLengths() throws Exception {
        assertMet("masked");
    }

    @Test
    void anEncoderAndADecoderReadOneRowAndWriteAnother() throws Exception {
        assertMet("reversed");
        assertTrue(
                Files.readString(folder.resolve("reversed/verdict.json")).contains("\"copied\""),
                "samples have a control too");
    }

    /** With the backend that runs use, through a whole run: the last bytes are the same, whatever stands there. */
    @Test
    void whatStandsInThePaddingIsNeverSeen() throws Exception {
        end("short").expect(0);
        end("padded").expect(0);
        assertArrayEquals(
                Files.readAllBytes(Tiny.state(folder.resolve("short"), 10)),
                Files.readAllBytes(Tiny.state(folder.resolve("padded"), 10)));
    }

    @Test
    void aPhaseThatKnowsNothingOfPaddingTrainsTheSameEncoder() throws Exception {
        assertMet("pretrained");
    }
}
