package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code plan}: more than twenty experiments that lack something, each told what, by whom it is needed, and who has it. */
final class PlanTest {
    /**
     * An experiment.
     *
     * @param changes made to the first example
     * @param parts of what is told, in order
     */
    record Broken(String name, List<String> changes, List<String> parts) {
        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    static Path folder;

    private static final Path FIRST = Assembled.PROJECT.resolve("examples/experiments/first.json");
    private static final Map<String, String> OUT = new HashMap<>();
    private static final Map<String, String> ERR = new HashMap<>();

    private static Broken phase(String id, String... parts) {
        return new Broken(id, List.of("phases.0={\"id\":\"" + id + "\",\"steps\":5,\"temper\":3}"), List.of(parts));
    }

    private static Broken set(String change, String... parts) {
        return new Broken(change, List.of(change), List.of(parts));
    }

    static List<Broken> experiments() {
        return List.of(
                set(
                        "model.id=gtp",
                        "$.model: there is no model 'gtp'; did you mean 'gpt'? (installed: bert, dcgan-discriminator,"
                                + " dcgan-generator, denoiser, discriminator, generator, gpt, image-judge,"
                                + " rnn, seq2seq, unet)",
                        "needed by the phase 'pretrain', the samples 'text'",
                        "its settings are kept as they are: layers, heads, width, context",
                        "1 plugin missing, 0 other faults"),
                phase(
                        "lone",
                        "$.phases[0]: the phase 'lone' of the bundle hostile.lone 1.2.3 is not available",
                        "it needs package org.example.thing, version 2.0.0",
                        "hostile.thing 1.2.3 offers version 1.5.0",
                        "do: build the bundle again",
                        "its settings are kept as they are: temper"),
                phase(
                        "chain",
                        "it needs package org.example.behind",
                        "bundle hostile.behind 1.2.3 is installed, not resolved",
                        "it needs package org.example.absent"),
                phase("behind", "it needs package org.example.absent; nothing installed offers it", "do: install"),
                phase("needy", "do: --feature extra (hostile.extra 1.2.3 of the feature extra offers it)"),
                phase("tomorrow", "it needs execution environment JavaSE, version 99"),
                phase("foreign", "it needs a native library for win32 on x86-64"),
                phase("waits", "waits for a service java.util.function.IntUnaryOperator, which nobody offers"),
                phase("served", "bundle hostile.startthrows 1.2.3 could offer it, but is stopped"),
                phase("throwing", "could not be made: java.lang.IllegalStateException: no way"),
                phase("fine", "bundles of several names offer it: ", "do: take all but one out"),
                phase("extra", "there is no phase 'extra'", "hostile.extra 1.2.3 of the feature extra has it"),
                phase(
                        "nameless",
                        "there is no phase 'nameless'",
                        "nameless.jar, which was left out has it",
                        "do: ./kolotoc why nameless.jar"),
                phase(
                        "gpt",
                        "there is no phase 'gpt'",
                        "there is a model of that id, in the bundle org.kolotoc.model.gpt"),
                set(
                        "data.id=nothing",
                        "$.data: there is no data 'nothing' (installed: ",
                        "needed by the phase 'pretrain'",
                        "do: ./kolotoc list"),
                set("tokenizer.id=chars", "$.tokenizer: there is no tokenizer 'chars'; did you mean 'char'?"),
                set(
                        "phases.0.optimizer={\"id\":\"adamv\",\"beta\":0.5}",
                        "$.phases[0].optimizer: there is no optimizer 'adamv'; did you mean 'adamw'?",
                        "needed by the phase 'pretrain'",
                        "its settings are kept as they are: beta"),
                set(
                        "phases.0.adapter={\"id\":\"lara\",\"rank\":4}",
                        "$.phases[0].adapter: there is no adapter 'lara'; did you mean 'lora'?"),
                set(
                        "samples.id=pictures",
                        "$.samples: there is no sampler 'pictures'",
                        "needed by the metric 'word-rate', the metric 'longest-copy', the metric 'distinct-words'"),
                set(
                        "samples.decoder={\"id\":\"greedi\"}",
                        "$.samples.decoder: there is no decoder 'greedi'; did you mean 'greedy'?"),
                set("metrics.0.id=word-rat", "$.metrics[0]: there is no metric 'word-rat'; did you mean 'word-rate'?"),
                set(
                        "backend=cpus",
                        "$.backend: there is no backend 'cpus'; did you mean 'cpu'?",
                        "needed by all programs"),
                set(
                        "model.layers=two",
                        "$.model.layers: is \"two\"; expected a whole number",
                        "0 plugins missing, 1 other fault"),
                set("model.layer=2", "$.model.layer: ", "did you mean 'layers'?"),
                new Broken(
                        "several",
                        List.of("model.id=mamba", "tokenizer.id=words", "phases.0.warmup=-1"),
                        List.of(
                                "$.tokenizer: there is no tokenizer 'words'",
                                "$.model: there is no model 'mamba'",
                                "$.phases[0].warmup: is -1; expected",
                                "2 plugins missing, 1 other fault")));
    }

    @BeforeAll
    static void plan() throws Exception {
        Path home = LackingHome.make(folder);
        Path run = folder.resolve("run");
        Launch kept = Launch.start(Tiny.with(
                "{\"id\":\"kept\",\"steps\":5}",
                run,
                "--plugin",
                folder.resolve("made").resolve("kept.jar")));
        List<String> lines = new ArrayList<>();
        experiments().forEach(broken -> lines.add(line(broken.name(), broken.changes())));
        lines.add(line("whole", List.of()));
        lines.add(line("shadowed", List.of("phases.0={\"id\":\"good\",\"steps\":5}")));
        lines.add(line("pinned", List.of("phases.0={\"id\":\"good\",\"steps\":5,\"pluginVersion\":\"1.2\"}")));
        lines.add(line("unmet", List.of("phases.0={\"id\":\"good\",\"steps\":5,\"pluginVersion\":\"[2,3)\"}")));
        lines.add(line("json", List.of("model.id=gtp")) + "\t--json");
        lines.add("text\tplan\t" + Files.writeString(folder.resolve("text.json"), "no JSON"));
        lines.add("folder\tplan\t" + folder);
        kept.end().expect(0);
        lines.add("kept\tplan\t" + run);
        Path project = Files.createDirectories(folder.resolve("project/target"));
        Files.copy(folder.resolve("made/kept.jar"), project.resolve("kept-1.0.0.jar"));
        lines.add("project\tplan\t" + Files.copy(run.resolve("experiment.json"), project.resolveSibling("tiny.json")));
        Launch.Result result = LackingHome.each(home, lines).expect(0);
        OUT.putAll(LackingHome.parts(result.out()));
        ERR.putAll(LackingHome.parts(result.err()));
    }

    private static String line(String name, List<String> changes) {
        StringBuilder line = new StringBuilder(name + "\tplan\t" + FIRST);
        changes.forEach(change -> line.append("\t--set\t").append(change));
        return line.toString();
    }

    private static void in(String text, List<String> parts) {
        int at = 0;
        for (String part : parts) {
            int found = text.indexOf(part, at);
            assertTrue(found >= 0, () -> "«" + part + "» expected in, after what is expected before it:\n" + text);
            at = found + part.length();
        }
    }

    private static void ends(String name, int code) {
        assertTrue(ERR.get(name).contains("\n=> " + code + "\n"), () -> ERR.get(name) + OUT.get(name));
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void saysWhatIsMissingWhoNeedsItAndWhoHasIt(Broken broken) {
        ends(broken.name(), 2);
        in(OUT.get(broken.name()), broken.parts());
        in(OUT.get(broken.name()), List.of("mend what is said above, then: ./kolotoc plan " + FIRST));
    }

    /** Whatever is missing, all other seats are looked at too. */
    @Test
    void theOtherSeatsAreListedWithWhoFillsThem() {
        String out = OUT.get("model.id=gtp");
        assertTrue(out.matches("(?s).*\\$\\.phases\\[0] +phase +pretrain +org.kolotoc.phase.pretrain 0.1.0\n.*"), out);
        assertTrue(out.matches("(?s).*\\$\\.model +model +gtp +nobody\n.*"), out);
    }

    @Test
    void whatIsWholeIsSaidToBe() {
        ends("whole", 0);
        in(OUT.get("whole"), List.of("all that it needs is there; do: ./kolotoc run " + FIRST));
        ends("shadowed", 0);
        assertTrue(OUT.get("shadowed").matches("(?s).*phase +good +hostile.good 1.3.0\n.*"), OUT.get("shadowed"));
        ends("pinned", 0);
        assertTrue(OUT.get("pinned").matches("(?s).*phase +good +hostile.good 1.2.3\n.*"), OUT.get("pinned"));
    }

    @Test
    void aVersionThatNobodyHasIsMissing() {
        ends("unmet", 2);
        in(
                OUT.get("unmet"),
                List.of(
                        "no version \"[2,3)\" of the phase 'good' is plugged in; there are hostile.good 1.2.3,"
                                + " hostile.good 1.3.0",
                        "\"pluginVersion\": \"1.3.0\""));
    }

    @Test
    void aRunFolderThatKeepsAJarIsNamed() {
        ends("kept", 2);
        in(
                OUT.get("kept"),
                List.of(
                        "$.phases[0]: there is no phase 'kept'",
                        "the run folder " + folder.resolve("run") + " keeps a jar of it",
                        "do: --plugin " + folder.resolve("run/bundles/hostile.kept-1.2.3-")));
    }

    @Test
    void theJarOfAProjectIsNamed() {
        ends("project", 2);
        Path jar = folder.resolve("project/target/kept-1.0.0.jar");
        in(OUT.get("project"), List.of("the jar " + jar + " has it", "do: --plugin " + jar));
    }

    @Test
    void jsonHasTheSettingsOfWhatIsMissingAsTheyWere() {
        JsonObject plan = JsonParser.parseString(
                        OUT.get("json").substring(OUT.get("json").indexOf('{')))
                .getAsJsonObject();
        assertFalse(plan.get("complete").getAsBoolean());
        for (JsonElement element : plan.getAsJsonArray("seats")) {
            JsonObject seat = element.getAsJsonObject();
            assertEquals(seat.get("kind").getAsString().equals("model"), seat.has("missing"), seat.toString());
            if (seat.has("missing")) {
                assertEquals(
                        "{\"layers\":2,\"heads\":4,\"width\":64,\"context\":64}",
                        seat.get("settings").toString());
            }
        }
    }

    @Test
    void whatIsNoExperimentIsRefused() {
        ends("text", 2);
        in(ERR.get("text"), List.of(folder.resolve("text.json").toString()));
        ends("folder", 2);
        in(ERR.get("folder"), List.of(folder.resolve("experiment.json").toString()));
    }
}
