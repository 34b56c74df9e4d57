package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Snapshot;

/** Several models, data sources and phases in one experiment, with weights as they were at a phase's end. */
final class SeveralTest {
    private static final String SEVERAL = """
        {
          "schema": "kolotoc.experiment/1",
          "name": "several",
          "seed": 3,
          "data": {
            "world": {"id": "template-world", "characters": 2000},
            "other": {"id": "template-world", "characters": 1500}
          },
          "tokenizer": {"id": "char", "fit": "world"},
          "models": {
            "policy": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8, "dropout": 0.1},
            "reward": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8}
          },
          "phases": [
            {"id": "pretrain", "data": "world", "models": "policy", "steps": 4, "batch": 2, "warmup": 1,
              "learningRate": 0.01, "evaluationSequences": 4},
            {"id": "pretrain", "name": "again", "data": {"data": "other"}, "models": {"model": "policy"}, "steps": 3,
              "batch": 2, "warmup": 1, "learningRate": 0.01, "evaluationSequences": 4, "evaluateAt": [2]},
            {"id": "pull", "data": "world", "models": {"student": "reward", "teacher": "policy@pretrain"}, "steps": 5,
              "rate": 0.5}
          ],
          "samples": [{"id": "text", "model": "policy", "data": "world", "at": ["again:1", "again:end"], "count": 2,
            "length": 6, "prompt": " "}],
          "metrics": [{"id": "word-rate", "data": "world"}],
          "criteria": [{"metric": "pull/distance", "trend": "falling"}, {"metric": "word-rate", "at": "again:end", "max": 2},
            {"metric": "again/loss/validation", "at": "again:2", "max": 9}],
          "controls": false
        }
        """;

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        console.framework().seat(Seat.PHASE, "pull", new Pull());
        console.write(SEVERAL);
    }

    private Snapshot state(String run, long step) {
        return new Checkpoints(console.out(run)).read(Optional.of(step)).snapshot();
    }

    private String hash(String run, long step, String owner) throws IOException {
        return Snapshot.hash(state(run, step).of(owner));
    }

    private static List<String> metrics(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll(",\"(tokensPerSecond|seconds)\":[^,}]+", ""))
                .toList();
    }

    private static String file(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Weights that a phase leaves are what they are called, also when samples of its end are drawn, and of the last one's. */
    @Test
    void samplesOfAnEndAreOfItsWeights() throws IOException {
        String sampler = """
            {"id": "text", "name": "%s", "model": "%s", "data": "world", "at": [%s], "count": 1, "length": 6,
              "prompt": " ", "decoder": {"id": "greedy"}}\
            """;
        console.write(SEVERAL.replaceFirst(
                "(?s)\"samples\": .*\"controls\"",
                "\"samples\": ["
                        + String.join(
                                ",",
                                sampler.formatted("a", "policy", "\"again:end\""),
                                sampler.formatted("b", "policy@again", "\"again:end\""),
                                sampler.formatted("c", "reward", ""),
                                sampler.formatted("d", "reward@pull", ""))
                        + "], \"controls\""));
        Console.Answer answer = console.small("run", "--quiet");
        assertEquals(0, answer.code(), answer.err());
        Path samples = console.out("run").resolve("samples");
        for (String step : List.of("step-00000007", "step-00000012")) {
            assertArrayEquals(
                    Files.readAllBytes(samples.resolve(step + "/a/0.txt")),
                    Files.readAllBytes(samples.resolve(step + "/b/0.txt")),
                    step);
        }
        assertArrayEquals(
                Files.readAllBytes(samples.resolve("step-00000012/c/0.txt")),
                Files.readAllBytes(samples.resolve("step-00000012/d/0.txt")));
    }

    @Test
    void phasesTrainWhatTheyAreGivenAndLeaveTheRest() throws IOException {
        Console.Answer answer = console.small("run");
        assertEquals(0, answer.code(), answer.out() + answer.err());
        assertEquals(List.of(4L, 7L, 12L), new Checkpoints(console.out("run")).steps(), "each phase ends with one");
        assertEquals(hash("run", 4, "reward"), hash("run", 7, "reward"), "nobody trained it");
        assertNotEquals(hash("run", 4, "policy"), hash("run", 7, "policy"));
        assertEquals(hash("run", 7, "policy"), hash("run", 12, "policy"));
        assertNotEquals(hash("run", 7, "reward"), hash("run", 12, "reward"));
        assertEquals("[policy, pretrain, reward]", state("run", 4).owners().toString());
        assertEquals("[again, policy, reward]", state("run", 7).owners().toString());
        assertEquals(
                "[policy, pull.slow, reward]",
                state("run", 12).owners().toString(),
                "what an ended phase kept is gone, and what is kept as it was is there once");
        String frozen = file(console.out("run").resolve("checkpoints/step-00000012/checkpoint.json"));
        assertTrue(frozen.contains("\"policy@pretrain\": \"" + hash("run", 4, "policy") + "\""), frozen);
        List<String> lines = metrics(console.out("run"));
        assertTrue(
                lines.stream().anyMatch(line -> line.startsWith("{\"step\":7,\"phase\":\"again\",\"phaseStep\":3,")));
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.startsWith(
                                "{\"step\":7,\"phase\":\"pull\",\"phaseStep\":0,\"evaluation\":true,\"distance\":")),
                "how a phase begins");
        try (Stream<Path> samples = Files.list(console.out("run").resolve("samples"))) {
            assertEquals(
                    List.of("step-00000005", "step-00000007", "step-00000012"),
                    samples.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    /** With the whole way in one step the student is the teacher: that of the end of its phase, not a later one. */
    @Test
    void weightsStayAsTheyWereAtAPhasesEnd() throws IOException {
        assertEquals(
                0,
                console.small("run", "--set", "phases.pull.rate=1", "--set", "criteria=[]")
                        .code());
        assertEquals(hash("run", 4, "policy"), hash("run", 12, "reward"));
        assertNotEquals(hash("run", 7, "policy"), hash("run", 12, "reward"));
    }

    /** Its teacher may be one, its student not: nobody writes on what stays. */
    @Test
    void weightsThatStayAreNotTrained() throws IOException {
        Console.Answer answer = console.small("run", "--set", "phases.pull.models.student=\"policy@pretrain\"");
        assertEquals(2, answer.code());
        assertTrue(
                answer.err()
                        .contains(
                                "$.phases[2].models.student: is \"policy@pretrain\", weights that stay as they are, but"
                                        + " pull trains its 'student'"),
                answer.err());
    }

    /** A model in two roles of a phase that trains it; in two that nobody trains it may be. */
    @Test
    void aTeacherIsNotItsOwnStudent() throws IOException {
        Console.Answer answer = console.small("run", "--set", "phases.pull.models.teacher=\"reward\"");
        assertEquals(2, answer.code());
        assertTrue(
                answer.err()
                        .contains("$.phases[2].models.teacher: is \"reward\", the model that pull trains as its"
                                + " 'student' (the program 'pull' changes it); expected another model, or weights"
                                + " that stay"),
                answer.err());
    }

    @Test
    void aPhaseMayBeginWithWeightsOfAnEarlierEnd() throws IOException {
        assertEquals(
                0,
                console.small(
                                "run",
                                "--set",
                                "phases.again.learningRate=0",
                                "--set",
                                "phases.again.minLearningRate=0",
                                "--set",
                                "phases.pull.rate=0",
                                "--set",
                                "phases.pull.start={\"reward\": \"policy@again\"}",
                                "--set",
                                "criteria=[]")
                        .code());
        assertEquals(hash("run", 7, "policy"), hash("run", 12, "reward"));
    }

    @TestFactory
    Stream<DynamicTest> stoppedAnywhereAndResumedItHasTheSameBytes() throws IOException {
        assertEquals(0, console.small("whole").code());
        byte[] expected = bytes("whole");
        return Stream.of(1, 4, 5, 7, 8, 12)
                .map(n -> DynamicTest.dynamicTest("before step " + n, () -> {
                    String name = "stopped" + n;
                    Path run = console.out(name);
                    Console.Answer stopped =
                            console.run(Console.before(n), console.experiment().toString(), "--out", run.toString());
                    assertEquals(130, stopped.code(), stopped.err());
                    Console.Answer resumed = console.run(() -> false, "--resume", run.toString());
                    assertEquals(0, resumed.code(), resumed.err());
                    assertArrayEquals(expected, bytes(name));
                    assertEquals(metrics(console.out("whole")), metrics(run));
                    assertEquals(file(console.out("whole").resolve("verdict.json")), file(run.resolve("verdict.json")));
                }));
    }

    /** Is asked by a run alone: between steps, and within evaluations and samples. */
    private static BooleanSupplier within(BooleanSupplier stop) {
        return () -> StackWalker.getInstance()
                        .walk(frames ->
                                frames.anyMatch(frame -> frame.getClassName().equals(Runner.class.getName())))
                && stop.getAsBoolean();
    }

    /** Asked within evaluations and samples too. */
    @TestFactory
    Stream<DynamicTest> stoppedWithinWhatIsDueItHasTheSameBytes() throws IOException {
        int[] all = new int[1];
        assertEquals(
                0,
                console.run(
                                within(() -> ++all[0] < 0),
                                console.experiment().toString(),
                                "--out",
                                console.out("whole").toString())
                        .code());
        byte[] expected = bytes("whole");
        return Stream.of(3, all[0] / 3, all[0] / 2, all[0] - 1)
                .map(n -> DynamicTest.dynamicTest("asked for the " + n + "th time", () -> {
                    String name = "within" + n;
                    Path run = console.out(name);
                    int[] asked = new int[1];
                    Console.Answer stopped = console.run(
                            within(() -> ++asked[0] >= n), console.experiment().toString(), "--out", run.toString());
                    assertEquals(130, stopped.code(), stopped.err());
                    Console.Answer resumed = console.run(() -> false, "--resume", run.toString());
                    assertEquals(0, resumed.code(), resumed.err());
                    assertArrayEquals(expected, bytes(name));
                    assertEquals(metrics(console.out("whole")), metrics(run));
                }));
    }

    private byte[] bytes(String run) throws IOException {
        return Files.readAllBytes(console.out(run).resolve("checkpoints/step-00000012/state.safetensors"));
    }

    @Test
    void whatLaterPhasesGoBackToIsKeptAndMissed() throws IOException {
        assertEquals(
                0,
                console.small("run", "--set", "checkpointEvery=1", "--set", "keepCheckpoints={\"last\": 1}")
                        .code());
        assertTrue(new Checkpoints(console.out("run")).steps().contains(4L), "of the end that is gone back to");
        Files.walk(console.out("run").resolve("checkpoints/step-00000004"))
                .sorted(java.util.Comparator.reverseOrder())
                .forEach(path -> path.toFile().delete());
        Console.Answer answer =
                console.run(() -> false, "--resume", console.out("run").toString(), "--set", "phases.pull.steps=6");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("no checkpoint of step 4"), answer.err());
    }

    /** A whole checkpoint, but of another run. */
    @Test
    void weightsThatAreNotWhatTheyWereAreRefused() throws IOException {
        assertEquals(0, console.small("run").code());
        assertEquals(0, console.small("other", "--seed", "4").code());
        Path folder = Path.of("checkpoints/step-00000004");
        for (String file : List.of("state.safetensors", "checkpoint.json")) {
            Files.copy(
                    console.out("other").resolve(folder).resolve(file),
                    console.out("run").resolve(folder).resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Console.Answer answer =
                console.run(() -> false, "--resume", console.out("run").toString(), "--set", "phases.pull.steps=6");
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains("the weights policy@pretrain are not what they were"), answer.err());
    }

    /** Batches and dropout of a second phase are not those of the first again. */
    @Test
    void phasesDrawRandomNumbersByTheirNames() throws IOException {
        String same = "phases.again.data=\"world\"";
        assertEquals(
                0, console.small("one", "--set", same, "--set", "criteria=[]").code());
        console.write(SEVERAL.replace("again", "once-more"));
        assertEquals(
                0,
                console.small("two", "--set", same.replace("again", "once-more"), "--set", "criteria=[]")
                        .code());
        assertEquals(hash("one", 4, "policy"), hash("two", 4, "policy"));
        assertNotEquals(hash("one", 7, "policy"), hash("two", 7, "policy"));
    }

    @Test
    void aModelBeginsWithTheWeightsOfAnotherRun() throws IOException {
        assertEquals(0, console.small("first").code());
        String sha = new Checkpoints(console.out("first")).read(Optional.of(7L)).sha256();
        String start = "start={\"reward\": {\"run\": \"" + console.out("first")
                + "\", \"step\": 7, \"model\": \"policy\"," + " \"sha256\": \"" + sha + "\"}}";
        assertEquals(
                0,
                console.small("second", "--set", start, "--set", "criteria=[]").code());
        assertEquals(hash("first", 7, "policy"), hash("second", 4, "reward"));
        assertNotEquals(hash("first", 4, "reward"), hash("second", 4, "reward"));
        Console.Answer other = console.small("third", "--set", start.replace(sha, sha.replaceAll(".$", "x")));
        assertEquals(2, other.code());
        assertTrue(other.err().contains("$.start.reward.sha256"), other.err());
        Console.Answer wider = console.small("fourth", "--set", start, "--set", "models.reward.width=16");
        assertEquals(2, wider.code());
        assertTrue(
                wider.err().contains("$.start.reward: 'policy' of ")
                        && wider.err().contains(", 8], and the model has it as f32 ["),
                wider.err());
        assertFalse(wider.err().contains("should not have happened"), wider.err());
    }

    /** Of a phase too: its size is known before anything is computed. */
    @Test
    void aPhaseThatWouldBeginWithAnotherModelIsRefusedBeforeAnythingIsComputed() {
        Console.Answer answer = console.small(
                "bad", "--set", "phases.pull.start={\"reward\": \"policy@again\"}", "--set", "models.reward.width=16");
        assertEquals(2, answer.code(), answer.err());
        assertTrue(
                answer.err().contains("$.phases[2].start.reward: \"policy@again\" is another model:")
                        && answer.err()
                                .contains(
                                        "'block0.norm1.weight' is there as f32 [8], and the model has it as f32 [16]"),
                answer.err());
        assertFalse(Files.exists(console.out("bad")), "a run folder was made");
    }

    /** Heads are the model's own, its trunk is the other's; that is told. */
    @Test
    void aPhaseTakesTheTrunkAndTheHeadIsTheModelsOwn() throws IOException {
        assertEquals(
                0,
                console.small(
                                "run",
                                "--set",
                                "models.rated={\"id\": \"gpt\", \"layers\": 1, \"heads\": 2, \"width\": 8,"
                                        + " \"context\": 8, \"head\": \"scalar\"}",
                                "--set",
                                "phases.+={\"id\": \"pretrain\", \"name\": \"still\", \"data\": \"world\", \"models\":"
                                    + " \"rated\", \"start\": {\"rated\": \"policy@again\"}, \"steps\": 2, \"batch\":"
                                    + " 2, \"warmup\": 1, \"learningRate\": 0, \"minLearningRate\": 0,"
                                    + " \"evaluationSequences\": 4}",
                                "--set",
                                "criteria=[]")
                        .code());
        Map<String, Snapshot.Entry> rated = state("run", 14).of("rated");
        assertTrue(rated.containsKey("reward.weight"), rated::toString);
        for (Map.Entry<String, Snapshot.Entry> tensor :
                state("run", 7).of("policy").entrySet()) {
            assertArrayEquals(
                    tensor.getValue().floats(), rated.get(tensor.getKey()).floats(), tensor.getKey());
        }
        String ledger = Files.readString(console.out("run").resolve("ledger.jsonl"));
        assertTrue(ledger.contains("policy@again has no reward.weight: the model's own weights"), ledger);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phases.again.data=\"wrld\" | $.phases[1].data: there is no data 'wrld'; did you mean 'world'?",
                "phases.again.models=\"polcy\" | $.phases[1].models: there is no model 'polcy'; did you mean 'policy'?",
                "phases.again.models=\"\" | $.phases[1].models: there is no model ''",
                "phases.again.data=\"\" | $.phases[1].data: there is no data ''",
                "phases.pull.models.teacher=\"@pretrain\" | there is no model ''",
                "samples.text.model=\"\" | $.samples[0].model: there is no model ''",
                "metrics.word-rate.data=\"\" | $.metrics[0].data: there is no data ''",
                "phases.pull.models.teacher=\"policy@pull\" | the phase 'pull' does not end before this one begins",
                "phases.again.models=\"policy@pull\" | the phase 'pull' does not end before this one begins",
                "phases.pull.models.teacher=\"policy@pretran\" | there is no phase 'pretran'; did you mean 'pretrain'?",
                "phases.pull.models=\"policy\" | names one, but the phase 'pull'",
                "phases.pull.models={\"student\": \"reward\"} | needs model 'teacher'",
                "phases.pull.models.techer=\"policy\" | needs nothing of the name 'techer'; did you mean 'teacher'?",
                "phases.pull.name=\"again\" | $.phases[2].name: is \"again\" again",
                "phases.1.name=\"pretrain\" | $.phases[1].name: is \"pretrain\" again (see $.phases[0])",
                "phases.again.name=\"a@b\" | the name \"a@b\" is none",
                "criteria.2.at=\"again:9\" | .at: is \"again:9\", but the phase takes",
                "samples.text.model=\"policy@again\" | $.samples[0].at[0]: at again:1 there is no \"policy@again\""
                        + " yet; expected again:end or later",
                "phases.again.name=\"end\" | $.phases[1].name: is \"end\", which means a place or a moment elsewhere",
                "phases.again.name=\"12\" | $.phases[1].name: is \"12\", which means a place or a moment elsewhere",
                "start={\"policy\": {\"run\": \"\"}} | $.start.policy.run: is empty; expected the folder of a run",
                "samples.text.at=[\"agin:1\"] | there is no phase 'agin'; did you mean 'again'?",
                "samples.text.at=[\"soon\"] | expected a whole number of steps, at least 0, or \"end\"",
                "samples.text.model=\"polcy\" | $.samples[0].model: there is no model 'polcy'",
                "metrics.word-rate.data=\"wrld\" | $.metrics[0].data: there is no data 'wrld'",
                "metrics.word-rate.samples=\"tex\" | there is no samples 'tex'; did you mean 'text'?",
                "tokenizer.fit=\"wrld\" | $.tokenizer.fit: there is no data 'wrld'",
                "models.reward.data=\"wrld\" | $.models.reward.data: there is no data 'wrld'",
                "criteria.0.metric=\"pul/distance\" | \"pul/distance\" is not measured",
                "criteria.2.at=\"again:1\" | is again:1, but \"again/loss/validation\" is measured after steps",
                "start={\"plicy\": {\"run\": \"x\"}} | $.start.plicy: there is no model 'plicy'; did you mean"
                        + " 'policy'?",
                "start={\"policy\": {\"run\": \"x\"}} | $.start.policy.run: is no folder",
                "phases.0.setps=3 | there is no such field",
                "phases.pull.start={\"reward\": \"policy\"} | expected weights that are no longer trained",
                "phases.pol.steps=3 | 'pol' is no place in a list of 3",
            })
    void whatDoesNotFitIsNamedBeforeAnythingIsComputed(String set, String expected) {
        Console.Answer answer = console.small("bad", "--set", set);
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains(expected), () -> "expected «" + expected + "» in\n" + answer.err());
        assertFalse(Files.exists(console.out("bad")), "a run folder was made");
    }

    @Test
    void aPhaseIsAppended() throws IOException {
        Console.Answer answer = console.small(
                "run",
                "--set",
                "phases.+={\"id\": \"pull\", \"models\": {\"student\": \"policy\", \"teacher\": \"policy@again\"},"
                        + " \"data\": \"world\", \"steps\": 2, \"rate\": 1}",
                "--set",
                "criteria=[]");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(metrics(console.out("run")).stream()
                .anyMatch(line -> line.startsWith("{\"step\":14,\"phase\":\"pull-2\",\"phaseStep\":2,")));
    }
}
