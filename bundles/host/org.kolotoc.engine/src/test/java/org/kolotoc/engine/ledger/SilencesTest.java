package org.kolotoc.engine.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.FakeBackend;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.tensor.Backend;

/** Silences planted one by one into an experiment that has none: each is a line, exactly that one, before anything is computed. */
final class SilencesTest {
    /** What is planted: the changes, and the line that comes of it. */
    private enum Plant {
        EVALUATION_AFTER_THE_END(
                "no-effect", "$.evaluateAt[3]", "30 comes after the last step, 12", "evaluateAt=[0,4,10,30]"),
        EVALUATION_AFTER_THE_END_SAID_NEWLY(
                "no-effect",
                "$.evaluate.at[1]",
                "pretrain:12 is step 12, which",
                "evaluateAt=[]",
                "evaluate={\"at\":[12,\"pretrain:12\"]}"),
        EVALUATION_NEVER(
                "no-effect",
                "$.evaluate.every",
                "13 is above the 12 steps",
                "evaluateAt=[]",
                "evaluate={\"every\":13}"),
        EVALUATION_NEVER_SAID_BEFORE("no-effect", "$.evaluateEvery", "100 is above the 12 steps", "evaluateEvery=100"),
        EVALUATION_TWICE("no-effect", "$.evaluateAt[1]", "4 is step 4, which is there before", "evaluateAt=[4,4]"),
        SAMPLE_AFTER_THE_END("no-effect", "$.samples.at[0]", "13 comes after the last step", "samples.at=[13]"),
        SAMPLE_AFTER_THE_END_OF_ITS_PHASE(
                "no-effect",
                "$.samples.at[0]",
                "one:7 comes after the last step of that phase, 6",
                "phases=[{\"id\":\"pretrain\",\"name\":\"one\",\"steps\":6,\"batch\":2,\"warmup\":1},"
                        + "{\"id\":\"pretrain\",\"name\":\"two\",\"steps\":6,\"batch\":2,\"warmup\":1}]",
                "evaluateAt=[]",
                "samples.at=[\"one:7\", \"two:1\"]"),
        EVALUATION_AFTER_THE_END_OF_ITS_PHASE(
                "no-effect",
                "$.phases[0].evaluateAt[1]",
                "pretrain:13 comes after the last step of that phase, 12",
                "phases.0.evaluateAt=[5,13]"),
        CHECKPOINT_NEVER("no-effect", "$.checkpointEvery", "13 is above the 12 steps", "checkpointEvery=13"),
        MORE_CHECKPOINTS_KEPT_THAN_WRITTEN(
                "no-effect",
                "$.keepCheckpoints.last",
                "3 is as many as the run writes",
                "keepCheckpoints={\"last\":3}"),
        CHECKPOINT_KEPT_NEVER(
                "no-effect",
                "$.keepCheckpoints.every",
                "50 is above the 12 steps",
                "keepCheckpoints={\"last\":1,\"every\":50}"),
        CRITERION_TWICE(
                "no-effect",
                "$.criteria[1]",
                "is the same again as $.criteria[0]",
                "criteria=[{\"metric\":\"word-rate\",\"min\":0},{\"metric\":\"word-rate\",\"min\":0}]"),
        DATA_OF_NOBODY(
                "no-effect",
                "$.data.other",
                "no phase, sampler or metric has the data 'other'",
                "data={\"data\":{\"id\":\"template-world\",\"characters\":2000},\"other\":{\"id\":\"template-world\","
                        + "\"characters\":2000}}",
                "tokenizer.fit=data"),
        MODEL_OF_NOBODY(
                "no-effect",
                "$.models.other",
                "no phase, sampler or metric has the model 'other'",
                "models={\"other\":{\"id\":\"gpt\",\"layers\":1,\"heads\":1,\"width\":8,\"context\":8}}",
                "phases.0.models=model",
                "samples.model=model"),
        START_OF_A_MODEL_OF_NOBODY(
                "no-effect",
                "$.phases[1].start.other",
                "neither this phase nor what comes after it has the model 'other'",
                "models={\"other\":{\"id\":\"gpt\",\"layers\":1,\"heads\":1,\"width\":8,\"context\":8}}",
                "phases=[{\"id\":\"pretrain\",\"models\":\"other\",\"steps\":6,\"batch\":2,\"warmup\":1},{\"id\":\"pretrain\","
                    + "\"name\":\"two\",\"models\":\"model\",\"steps\":6,\"batch\":2,\"warmup\":1,"
                    + "\"start\":{\"other\":\"other@pretrain\"}}]",
                "samples.model=model"),
        METRIC_WITHOUT_SAMPLES(
                "skipped", "$.metrics[0]", "judges nothing", "samples=[]", "metrics=[{\"id\":\"word-rate\"}]"),
        SET_TWICE("no-effect", "--set seed=4", "is undone by --set seed=5", "seed=4", "seed=5"),
        SET_WITHIN_WHAT_IS_SET_LATER(
                "no-effect",
                "--set phases.0.batch=3",
                "is undone by --set phases.0={",
                "phases.0.batch=3",
                "phases.0={\"id\":\"pretrain\",\"steps\":12,\"batch\":2,\"warmup\":2}"),
        WARMUP_BEYOND_THE_END("no-effect", "$.phases[0].warmup", "13 is above its 12 steps", "phases.0.warmup=13"),
        NOTHING_IS_LEARNED(
                "no-effect",
                "$.phases[0].learningRate",
                "0 leaves the weights",
                "phases.0.learningRate=0",
                "phases.0.minLearningRate=0"),
        POSITIONS_UNTRAINED(
                "skipped",
                "$.phases[0].context",
                "of the 8 tokens that the model can look at, 4 are trained",
                "phases.0.context=4"),
        MORE_HELD_OUT_THAN_THERE_IS(
                "no-effect",
                "$.phases[0].evaluationBatches",
                "2000 sequences are more",
                "phases.0.evaluationBatches=1000"),
        MORE_HELD_OUT_SEQUENCES_THAN_THERE_ARE(
                "no-effect",
                "$.phases[0].evaluationSequences",
                "500 sequences are more",
                "phases.0.evaluationBatches=0",
                "phases.0.evaluationSequences=500"),
        PROMPT_BESIDE_PROMPTS(
                "no-effect", "$.samples.prompt", "\"prompts\" are given", "samples.prompts=[\"a\",\"e\"]"),
        MORE_PROMPTS_THAN_SAMPLES(
                "skipped",
                "$.samples.prompts",
                "of 3 prompts the first 2 are continued",
                "samples={\"count\":2,\"length\":4,\"prompts\":[\"a\",\"e\",\"i\"]}"),
        PROMPT_LONGER_THAN_THE_CONTEXT(
                "truncated",
                "$.samples.prompt",
                "it has 12 tokens, of which the model sees the last 8",
                "samples.prompt=a a a a a a "),
        ONE_OF_THE_PROMPTS_LONGER(
                "truncated",
                "$.samples.prompts[1]",
                "it has 10 tokens, of which the model sees the last 8",
                "samples={\"count\":2,\"length\":4,\"prompts\":[\"a\",\"a a a a a \"]}"),
        TOP_K_OF_ALL(
                "no-effect",
                "$.samples.decoder.topK",
                "1000 is not below the",
                "samples.decoder={\"id\":\"sample\",\"topK\":1000}"),
        TOP_K_AT_TEMPERATURE_0(
                "no-effect",
                "$.samples.decoder.topK",
                "at temperature 0",
                "samples.decoder={\"id\":\"sample\",\"topK\":5,\"temperature\":0}"),
        TOP_P_AT_TEMPERATURE_0(
                "no-effect",
                "$.samples.decoder.topP",
                "at temperature 0",
                "samples.decoder={\"id\":\"sample\",\"topP\":0.5,\"temperature\":0}"),
        VALIDATION_SHORTER_THAN_A_WINDOW(
                "truncated",
                "$.data.train",
                "tokens for the validation part, which are less than a window of 200",
                "data.train=0.95",
                "model.context=200",
                "phases.0.evaluationBatches=0"),
        FACT_THAT_HOLDS_ALREADY(
                "no-effect",
                "$.data.facts[1]",
                "the home of Anna is Millford already",
                "data.facts=[{\"person\":\"Anna\",\"relation\":\"home\",\"value\":\"Millford\"},"
                        + "{\"person\":\"Anna\",\"relation\":\"home\",\"value\":\"Millford\"}]"),
        BACKEND_THAT_FALLS_BACK("fallback", "$.backend", "products run slowly", "backend=frail"),
        THREADS_WITHOUT_PROCESSORS("no-effect", "--threads 1000", "is more than the"),
        MEMORY_THAT_NOBODY_HAS("no-effect", "--memory", "is more than there is", "backend=small"),
        DATA_FOLDER_WITHOUT_DATA("no-effect", "--data", "nothing that is read lies below it"),
        START_THAT_NOBODY_PINNED(
                "unverified", "$.start.model.sha256", "is not given", "start={\"model\":{\"run\":\"runs/first\"}}");

        private final String kind;
        private final String path;
        private final String sentence;
        private final List<String> sets;

        Plant(String kind, String path, String sentence, String... sets) {
            this.kind = kind;
            this.path = path;
            this.sentence = sentence;
            this.sets = List.of(sets);
        }
    }

    @TempDir
    Path folder;

    private Console console;
    private Engine engine;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        console.write(Console.SMALL.replace("\"seed\": 3", "\"seed\": 3, \"backend\": \"reference\""));
        console.framework().backend(FakeBackend.of("frail", new FakeBackend.Manner() {
            @Override
            public List<String> fallbacks() {
                return List.of("products run slowly: the fast library is not there");
            }
        }));
        console.framework().backend(FakeBackend.of("small", new FakeBackend.Manner() {
            @Override
            public Backend.Memory memory() {
                return new Backend.Memory(1_000_000_000, 0, 0);
            }
        }));
        engine = new Engine(console.framework().context());
    }

    private List<Silence> prepared(Options options, List<String> sets) {
        ExperimentFile file = ExperimentFile.read(console.experiment());
        sets.forEach(file::set);
        try (Workbench bench = engine.workbench(file, options, Client.NOBODY)) {
            return bench.ledger().lines().stream().map(Line::silence).toList();
        }
    }

    private static List<String> strictly(List<String> sets) {
        return Stream.concat(Stream.of("strict=true"), sets.stream()).toList();
    }

    private Options options(Plant plant) throws IOException {
        return switch (plant) {
            case THREADS_WITHOUT_PROCESSORS -> typed("--threads", "1000");
            case MEMORY_THAT_NOBODY_HAS -> typed("--memory", "2g");
            case DATA_FOLDER_WITHOUT_DATA ->
                typed(
                        "--data",
                        Files.createDirectories(folder.resolve("elsewhere")).toString());
            default -> typed();
        };
    }

    private static Options typed(String... line) {
        return Syntax.of("run")
                .takes(Shared.THREADS, Shared.MEMORY, Shared.DATA)
                .parse(line)
                .options();
    }

    private void beforehand(Plant plant) {
        if (plant == Plant.START_THAT_NOBODY_PINNED) {
            assertEquals(0, console.small("first", "--quiet").code());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlantedSilenceIsOneLineAndEndsAStrictRunBeforeItComputes(Plant plant) throws IOException {
        beforehand(plant);
        List<Silence> silences = prepared(options(plant), plant.sets);
        assertEquals(1, silences.size(), silences.toString());
        Silence silence = silences.getFirst();
        assertEquals(plant.kind, silence.kind().label());
        assertTrue(silence.path().startsWith(plant.path), silence.path());
        assertTrue(silence.sentence().contains(plant.sentence), silence.sentence());
        InputError refused = assertThrows(InputError.class, () -> prepared(options(plant), strictly(plant.sets)));
        assertTrue(refused.getMessage().startsWith(plant.path), refused.getMessage());
        assertTrue(refused.getMessage().contains(plant.sentence), refused.getMessage());
        assertTrue(refused.next().contains("--set strict=false"), refused.next());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed=3",
                "evaluateAt=[0,4,12]",
                "evaluateEvery=12",
                "checkpointEvery=12",
                "keepCheckpoints={\"last\":2,\"every\":12,\"best\":{\"metric\":\"word-rate\"}}",
                "samples={\"at\":[0,12],\"count\":2,\"length\":4,\"prompts\":[\"a\",\"a e i o\"]}",
                "samples.decoder={\"id\":\"sample\",\"topK\":5,\"topP\":0.5}",
                "samples.decoder={\"id\":\"sample\",\"temperature\":0,\"topK\":1}",
                "phases.0={\"id\":\"pretrain\",\"steps\":12,\"batch\":2,\"warmup\":12,\"context\":8,\"recompute\":\"blocks\"}",
                "data.facts=[{\"person\":\"Anna\",\"relation\":\"home\",\"value\":\"Millford\"}]"
            })
    void whatDoesWhatItSaysIsPreparedByAStrictExperimentToo(String set) {
        assertEquals(List.of(), prepared(typed(), strictly(List.of(set))));
    }

    /** What made weights that a run begins with is asked of that run's lock. */
    @Test
    void aStartOfWhichNobodyKnowsWhoMadeItIsTold() throws IOException {
        assertEquals(0, console.small("first", "--quiet").code());
        Path first = console.out("first");
        List<String> start = List.of("start={\"model\":{\"run\":\"runs/first\",\"sha256\":\"" + sha256(first) + "\"}}");
        assertEquals(List.of(), prepared(typed(), start));
        Path lock = first.resolve("lock.json");
        String plugin = "{\"name\":\"other.gpt\",\"version\":\"1.0.0\",\"sha256\":\"" + "0a".repeat(32) + "\"}";
        Files.writeString(
                lock,
                "{\"schema\":\"kolotoc.lock/1\",\"bundles\":[%1$s],\"kept\":[%1$s],\"seats\":[{\"kind\":\"model\",\"id\":\"gpt\",\"bundle\":%1$s}]}"
                        .formatted(plugin));
        Silence other = onlyOf(prepared(typed(), start));
        assertTrue(
                other.sentence().matches("the model 'gpt' is .*, which was other.gpt 1.0.0 \\(0a0a0a0a\\) in .*first"),
                other.sentence());
        Files.delete(lock);
        Silence unknown = onlyOf(prepared(typed(), start));
        assertTrue(unknown.sentence().endsWith("first are not known: lock.json is missing"), unknown.sentence());
        assertThrows(InputError.class, () -> prepared(typed(), strictly(start)));
    }

    private static Silence onlyOf(List<Silence> silences) {
        assertEquals(1, silences.size(), silences.toString());
        assertEquals("other-code", silences.getFirst().kind().label());
        assertEquals("$.start.model", silences.getFirst().path());
        return silences.getFirst();
    }

    private static String sha256(Path run) {
        return new Checkpoints(run).read(Optional.empty()).sha256();
    }
}
