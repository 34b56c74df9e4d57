package org.kolotoc.engine.why;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Rest;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.run.Console;

/** Who set a value: the file and its line, an option, a default of which plugin. */
final class WhyTest {
    private static final String SEVERAL = """
        {
          "schema": "kolotoc.experiment/1",
          "data": {
            "world": {"id": "template-world", "characters": 2000},
            "other": {"id": "template-world"}
          },
          "tokenizer": {"id": "char"},
          "model": {"id": "gpt", "layers": 1},
          "phases": [
            {"id": "pretrain", "data": "world", "steps": 4,
              "batch": 2},
            {"id": "pretrain", "data": "other", "steps": 3},
            {"id": "pretrain", "name": "last", "data": "world", "steps": 2,
              "optimizer": {"id": "adamw", "beta1": 0.8},
              "adapter": {"id": "lora", "rank": 2}}
          ],
          "samples": [{"at": [1], "decoder": {"id": "sample", "temperature": 0.5}}, {"id": "text", "name": "plain"}],
          "metrics": [{"id": "nobody-knows", "own": {"deep": [1, 2]}}]
        }
        """;

    @TempDir
    Path folder;

    private Console console;
    private Engine engine;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        engine = new Engine(console.framework().context());
        console.write(SEVERAL);
    }

    private List<Setting> ask(String path, String... sets) {
        ExperimentFile file = ExperimentFile.read(console.experiment());
        for (String set : sets) {
            file.set(set);
        }
        return engine.why(file, path);
    }

    private Setting one(String path, String... sets) {
        List<Setting> all = ask(path, sets);
        assertEquals(1, all.size(), all.toString());
        return all.getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "phases.0.batch, 2, 11",
        "$.phases[0].batch, 2, 11",
        "phases.pretrain.steps, 4, 10",
        "phases.pretrain-2.steps, 3, 12",
        "phases.last.steps, 2, 13",
        "data.world.characters, 2000, 4",
        "phases.last.optimizer.beta1, 0.8, 14",
        "phases.last.adapter.rank, 2, 15",
        "samples.text.decoder.temperature, 0.5, 17",
        "metrics.0.own.deep, '[1,2]', 18"
    })
    void theFileWithItsLine(String path, String value, int line) {
        Setting setting = one(path);
        assertEquals(value, setting.value());
        assertEquals(Setting.Kind.FILE, setting.kind());
        assertEquals(console.experiment() + ", line " + line, setting.by());
    }

    @ParameterizedTest
    @CsvSource({
        "phases.pretrain-2.learningRate, 0.001, the phase 'pretrain' (bundle test.phase.pretrain 1.0.0):"
                + " PretrainSettings.learningRate",
        "phases.last.batch, 12, the phase 'pretrain' (bundle test.phase.pretrain 1.0.0): PretrainSettings.batch",
        "data.other.characters, 300000, the data 'template-world' (bundle org.kolotoc.data.world 1.0.0):"
                + " WorldSettings.characters",
        "samples.text.decoder.topK, 0, the decoder 'sample' (bundle test.decoder.sample 1.0.0): SampleSettings.topK",
        "phases.last.optimizer.beta2, 0.99, the optimizer 'adamw' (bundle test.optimizer.adamw 1.0.0):"
                + " AdamWSettings.beta2",
        "phases.last.adapter.alpha, 16, the adapter 'lora' (bundle test.adapter.lora 1.0.0): LoraSettings.alpha",
        "samples.plain.decoder.id, '\"sample\"', the sampler 'text' (bundle test.sampler.text 1.0.0):"
                + " TextSettings.decoder"
    })
    void theDefaultOfAPluginWithItsBundleAndComponent(String path, String value, String owner) {
        Setting setting = one(path);
        assertEquals("default of " + owner, setting.by());
        assertEquals(value, setting.value());
        assertEquals(Setting.Kind.PLUGIN, setting.kind());
    }

    @Test
    void theVersionOfAPluginThatSomebodyAsksForIsNoSettingOfThePlugin() {
        Setting setting = one("phases.0.pluginVersion", "phases.0.pluginVersion=1.0");
        assertEquals("1.0", setting.value());
        assertEquals(Setting.Kind.FLAG, setting.kind());
        assertEquals(
                "default of the phase 'pretrain' (bundle test.phase.pretrain 1.0.0): PretrainSettings.learningRate",
                one("phases.pretrain-2.learningRate", "phases.pretrain-2.pluginVersion=[1,2)")
                        .by());
    }

    @Test
    void theDefaultInASeatThatIsItselfADefaultIsThatOfThePluginInIt() {
        Setting setting = one("samples.plain.decoder.temperature");
        assertTrue(setting.by().startsWith("default of the decoder 'sample'"), setting.by());
    }

    @ParameterizedTest
    @CsvSource({
        "seed, 1, default of the experiment's own rules: Experiment.seed",
        "checkpointEvery, 0, default of the experiment's own rules: Experiment.checkpointEvery",
        "phases.0.evaluateAt, [], default of the experiment's own rules: PhasePlan.evaluateAt",
        "samples.0.id, '\"text\"', default of the experiment's own rules",
        "name, '\"small\"', 'the file''s name, since it has no other'",
        "phases.1.name, '\"pretrain-2\"', 'its id, since it has no other name'"
    })
    void whatTheExperimentItselfHasWhereNobodySays(String path, String value, String by) {
        Setting setting = one(path);
        assertEquals(value, setting.value());
        assertEquals(by, setting.by());
        assertEquals(Setting.Kind.ENGINE, setting.kind());
    }

    @Test
    void theCommandLineAndWhatTheFileHad() {
        assertEquals(
                "--set phases.last.steps=9 (was 2)",
                one("phases.2.steps", "phases.last.steps=9").by());
        assertEquals(
                "--set model={\"id\": \"gpt\", \"heads\": 1}",
                one("model.heads", "model={\"id\": \"gpt\", \"heads\": 1}").by(),
                "what is in what was set, was set too");
        assertEquals(
                "--set model.heads=4 (was 1)",
                one("model.heads", "model={\"id\": \"gpt\", \"heads\": 1}", "model.heads=4")
                        .by(),
                "the last one counts");
        assertEquals(
                Setting.Kind.FLAG,
                one("phases.more.steps", "phases.+={\"id\": \"pretrain\", \"name\": \"more\", \"steps\": 1}")
                        .kind());
        assertEquals(
                Setting.Kind.FILE, one("phases.2.steps", "phases.0.steps=9").kind());
    }

    @Test
    void anOptionForAFieldIsNamedAsItWasTyped() {
        ExperimentFile file = ExperimentFile.read(console.experiment());
        file.set("--seed", "seed", new com.google.gson.JsonPrimitive(7));
        assertEquals("--seed 7", engine.why(file, "seed").getFirst().by());
    }

    @Test
    void everyPlaceOfAnExperimentThatNamesAPluginIsKnown() {
        Set<Class<?>> seen = new HashSet<>();
        Deque<Class<?>> open = new ArrayDeque<>(List.of(Experiment.class));
        while (!open.isEmpty()) {
            Class<?> type = open.pop();
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.isAnnotationPresent(Rest.class)) {
                    assertTrue(Walk.SEATS.containsKey(type), type + " is about a seat that nobody finds");
                } else if (component.getGenericType().getTypeName().contains(SeatRef.class.getName())) {
                    assertTrue(Walk.REFERENCES.containsKey(component.getName()), component.toString());
                }
                Stream.concat(Stream.of(component.getType()), arguments(component.getGenericType()))
                        .filter(inner -> inner.isRecord() && seen.add(inner))
                        .forEach(open::push);
            }
        }
        assertTrue(seen.size() > 8, seen.toString());
    }

    private static Stream<Class<?>> arguments(Type type) {
        return type instanceof ParameterizedType generic
                ? Arrays.stream(generic.getActualTypeArguments())
                        .flatMap(argument -> argument instanceof Class<?> plain ? Stream.of(plain) : Stream.empty())
                : Stream.empty();
    }

    @Test
    void anObjectIsShownLeafByLeaf() {
        List<Setting> settings = ask("phases.pretrain");
        assertTrue(settings.size() > 10, settings.toString());
        assertTrue(settings.stream().allMatch(setting -> setting.path().startsWith("phases.pretrain.")));
        assertTrue(settings.stream().allMatch(setting -> setting.place().startsWith("$.phases[0].")));
        assertEquals(ask("$"), ask(""), "all of it");
        assertTrue(ask("").containsAll(settings));
    }

    @ParameterizedTest
    @CsvSource({
        "phases.pretrain.lerningRate, did you mean 'learningRate'?",
        "phases.lost.steps, did you mean 'last'?",
        "sed, did you mean 'seed'?",
        "phases.pretrain.steps.more, it is one value"
    })
    void anUnknownPathNamesTheNearest(String path, String hint) {
        InputError refused = assertThrows(InputError.class, () -> ask(path));
        assertTrue(refused.getMessage().contains(hint), refused.getMessage());
    }

    @Test
    void aRunThatWentOnWithOtherSettingsTellsFromWhichStep() throws IOException {
        console.write(Console.SMALL);
        assertEquals(
                0, console.small("run", "--quiet", "--set", "phases.0.steps=5").code());
        Path run = console.out("run");
        assertEquals(
                0,
                console.run(() -> false, "--resume", run.toString(), "--quiet", "--set", "phases.pretrain.steps=7")
                        .code());
        ExperimentFile file = ExperimentFile.read(run.resolve("experiment.json"));
        Setting steps = engine.why(file, "phases.pretrain.steps").getFirst();
        assertEquals("7", steps.value());
        assertEquals(Setting.Kind.CHANGE, steps.kind());
        assertEquals("--set phases.0.steps=7 when the run went on after step 5 (run.json)", steps.by());
        Setting batch = engine.why(file, "phases.pretrain.batch").getFirst();
        assertTrue(batch.by().matches(".*experiment\\.json, line \\d+: what the run was begun with"), batch.by());
    }

    @Test
    void theTextOfAValueIsFoundWhereverItStands() throws IOException {
        Files.writeString(console.experiment(), "{\"seed\"\n:\n 3, \"phases\": [\n\n{\"id\"\n: \"pretrain\"}]}");
        assertEquals(console.experiment() + ", line 3", one("seed").by());
        assertEquals(Optional.of("6"), Optional.of(one("phases.0.id").by().replaceFirst(".*line ", "")));
    }
}
