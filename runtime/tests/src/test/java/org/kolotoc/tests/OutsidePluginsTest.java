package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people bring who have no more than the published contracts: an optimiser, a kind of seat that nobody has heard of
 * with plugins in two bundles, a command that takes one of them. What its parts refuse is
 * told in the tests of the engine. All processes run at once.
 */
final class OutsidePluginsTest {
    private static final int MOST_LINES = 20;

    @TempDir
    static Path folder;

    private static Path run;
    private static final Map<String, Launch> PROCESSES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        Path lion = OutsideBundle.build("lion", jars);
        Path voices = OutsideBundle.build("voices", jars);
        Path whisper = OutsideBundle.build("whisper", jars, voices);
        run = folder.resolve("run");
        String phase = "{\"id\":\"pretrain\",\"steps\":150,\"learningRate\":0.003,\"warmup\":10,"
                + "\"optimizer\":{\"id\":\"lion\",\"beta2\":0.99}}";
        PROCESSES.put("run", Launch.start(Tiny.with(phase, run, "--plugin", lion)));
        PROCESSES.put(
                "wrong",
                Launch.start(Tiny.with(
                        phase.replace("\"beta2\":0.99", "\"beta1\":\"much\",\"beta3\":1"),
                        folder.resolve("wrong"),
                        "--plugin",
                        lion)));
        Map<String, Object[]> lines = Map.of(
                "list", new Object[] {"list"},
                "help", new Object[] {"--help"},
                "completion", new Object[] {"completion"},
                "whisper", new Object[] {"greet", "--voice=whisper", "Eva"},
                "nobody", new Object[] {"greet", "nobody", "--voice", "whisper"});
        lines.forEach((name, line) -> {
            List<Object> all = new ArrayList<>(List.of(line));
            all.addAll(List.of("--plugin", voices, "--plugin", whisper));
            PROCESSES.put(name, Launch.start(all.toArray()));
        });
    }

    private static Launch.Result end(String process) {
        return PROCESSES.get(process).end();
    }

    @Test
    void anOptimizerIsTwentyLinesAndTrains() throws Exception {
        long lines = Files.readAllLines(OutsideBundle.sources("lion").resolve("Lion.java")).stream()
                .filter(line -> !line.isBlank())
                .count();
        assertTrue(lines <= MOST_LINES, "Lion has " + lines + " lines");
        end("run").expect(0);
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            var json = JsonParser.parseString(line).getAsJsonObject();
            if (json.has("loss/train")) {
                losses.add(json.get("loss/train").getAsDouble());
            }
        }
        String lock = Files.readString(run.resolve("lock.json"));
        assertTrue(lock.contains("outside.lion"), lock);
        assertTrue(losses.getLast() < 0.85 * losses.getFirst(), () -> "the loss does not fall: " + losses);
        assertTrue(
                Files.readString(Tiny.state(run, 150), StandardCharsets.ISO_8859_1)
                        .contains("pretrain/momentum."),
                "its momentum is in the checkpoint");
        Launch.run("replay", run).expect(0);
    }

    @Test
    void whatIsWrongInsideOfAPhaseIsNamedByItsPath() {
        end("wrong")
                .expect(2)
                .says(
                        "$.phases[0].optimizer.beta1: is \"much\"; expected a number",
                        "$.phases[0].optimizer.beta2: is missing",
                        "$.phases[0].optimizer.beta3: there is no such field; did you mean 'beta1'?");
    }

    @Test
    void aNewKindIsListedAsAnyOther() {
        String out = end("list").expect(0).out();
        for (String line : List.of(
                "command +greet +1.0.0 +outside.voices +ready +greets somebody",
                "voice +loud +1.0.0 +outside.voices +ready .*",
                "voice +whisper +1.0.0 +outside.whisper +ready .*",
                "adapter +lora .* ready .*",
                "optimizer +adamw .* ready .*")) {
            assertTrue(out.lines().anyMatch(l -> l.matches(line)), () -> line + " expected in:\n" + out);
        }
    }

    @Test
    void aCommandIsLikeTheProgramsOwn() {
        assertTrue(end("help").expect(0).out().contains("  greet      greets somebody\n"));
        assertTrue(end("completion").expect(0).out().contains("greet"));
        assertEquals("(hello eva)\n", end("whisper").expect(0).out());
    }

    @Test
    void whoIsAtFaultIsNamed() {
        Launch.Result nobody = end("nobody")
                .expect(2)
                .says(
                        "bundle outside.whisper 1.0.0 (voice 'whisper') failed while the command 'greet' (bundle"
                                + " outside.voices 1.0.0) ran: java.lang.IllegalStateException: nobody hears",
                        "at whisper.Whisper.");
        assertFalse(nobody.err().contains("should not have happened"), nobody.err());
    }
}
