package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.Adapter;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Explained;
import org.kolotoc.engine.prepare.Restored;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.replay.Outcome;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** A phase under an adapter: what is trained, what stays, and what everybody else sees. */
final class AdapterSeatTest {
    private static final String ADAPTED = """
        {
          "schema": "kolotoc.experiment/1",
          "name": "adapted",
          "seed": 3,
          "data": {"id": "template-world", "characters": 2000},
          "tokenizer": {"id": "char"},
          "models": {
            "policy": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
            "copy": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8}
          },
          "phases": [
            {"id": "pretrain", "models": "policy", "steps": 3, "batch": 2, "warmup": 0, "learningRate": 0.01,
              "minLearningRate": 0.01, "evaluationSequences": 4},
            {"id": "pretrain", "name": "finetune", "models": "policy", "steps": 4, "batch": 2, "warmup": 0,
              "learningRate": 0.05, "minLearningRate": 0.05, "evaluationSequences": 4,
              "adapter": {"id": "lora", "rank": 2, "alpha": 3}},
            {"id": "pretrain", "name": "again", "models": "policy", "steps": 2, "batch": 2, "warmup": 0,
              "learningRate": 0.01, "evaluationSequences": 4},
            {"id": "pretrain", "name": "copied", "models": "copy", "start": {"copy": "policy@finetune"}, "steps": 1,
              "batch": 2, "learningRate": 0, "minLearningRate": 0}
          ],
          "checkpointEvery": 1,
          "samples": {"model": "policy", "at": ["pretrain:end", "finetune:2"], "count": 1, "length": 40, "prompt": "The"}
        }
        """;

    /** Without the phases behind the one with an adapter. */
    private static final String LAST =
            ADAPTED.replaceAll("(?s),\\s*\\{\"id\": \"pretrain\", \"name\": \"again\".*?\\]", "]");

    private static final List<String> WEIGHTS =
            List.of("block0.attention.input.weight", "block0.attention.output.weight");

    @TempDir
    static Path folder;

    private static Console console;

    /** All phases, uninterrupted. */
    @BeforeAll
    static void sitDown() throws IOException {
        console = new Console(folder);
        console.framework().seat(Seat.PHASE, "pull", new Pull());
        console.framework().seat(Seat.PHASE, "touch", new Touch());
        console.write(ADAPTED);
        run("run");
    }

    @BeforeEach
    void asItWas() throws IOException {
        console.write(ADAPTED);
    }

    private static Path run(String name, String... more) {
        Console.Answer answer = console.small(name, more);
        assertEquals(0, answer.code(), answer.out() + answer.err());
        return console.out(name);
    }

    private static Snapshot state(String run, long step) {
        return new Checkpoints(console.out(run)).read(Optional.of(step)).snapshot();
    }

    private static byte[] bytes(Path run, long step) throws IOException {
        return Files.readAllBytes(run.resolve("checkpoints/step-%08d/state.safetensors".formatted(step)));
    }

    /** Hashes of an owner's tensors. */
    private static Map<String, String> hashes(String run, long step, String owner) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (Map.Entry<String, Snapshot.Entry> tensor :
                state(run, step).of(owner).entrySet()) {
            hashes.put(tensor.getKey(), Snapshot.hash(Map.of("tensor", tensor.getValue())));
        }
        return hashes;
    }

    private static float[] values(String run, long step, String owner, String name) throws IOException {
        Snapshot.Entry entry = state(run, step).of(owner).get(name);
        Buffer buffer = new ReferenceBackend().allocate(entry.dtype(), Shape.of(entry.shape()));
        entry.write(buffer);
        float[] values = new float[buffer.shape().size()];
        buffer.read(values);
        return values;
    }

    /** What evaluations of a phase measured, by the step within it. */
    private static Map<Long, Double> losses(String run, String phase) throws IOException {
        Map<Long, Double> losses = new TreeMap<>();
        for (String line : Files.readAllLines(console.out(run).resolve("metrics.jsonl"))) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            if (json.get("phase").getAsString().equals(phase) && json.has("loss/validation")) {
                losses.put(
                        json.get("phaseStep").getAsLong(),
                        json.get("loss/validation").getAsDouble());
            }
        }
        return losses;
    }

    @Test
    void whatTheModelWasStaysAndOnlyTheAdapterIsTrained() throws IOException {
        Map<String, String> before = hashes("run", 3, "policy");
        for (long step = 4; step <= 7; step++) {
            assertEquals(
                    "[copy, finetune, finetune.adapter, finetune.base, policy]",
                    state("run", step).owners().toString());
            Map<String, String> base = hashes("run", step, "finetune.base");
            assertEquals(Set.copyOf(WEIGHTS), base.keySet());
            base.forEach((name, hash) -> assertEquals(before.get(name), hash, name));
            Map<String, String> now = hashes("run", step, "policy");
            assertEquals(before.keySet(), now.keySet());
            now.forEach((name, hash) -> assertEquals(!WEIGHTS.contains(name), hash.equals(before.get(name)), name));
        }
        Set<String> remembered = state("run", 5).of("finetune").keySet();
        Set<String> own = WEIGHTS.stream()
                .flatMap(name -> Stream.of("a." + name, "b." + name))
                .collect(Collectors.toSet());
        assertEquals(own, state("run", 5).of("finetune.adapter").keySet());
        assertEquals(
                own.stream()
                        .flatMap(name -> Stream.of("first." + name, "second." + name))
                        .collect(Collectors.toSet()),
                remembered,
                "moments of the adapter's parameters, and of no others");
    }

    /** W + alpha / rank A B, computed here. */
    @Test
    void theModelIsMergedAfterEveryStep() throws IOException {
        run("rounded", "--set", "phases.finetune.precision=bf16", "--set", "phases.again.precision=bf16");
        assertEquals(
                losses("rounded", "finetune").get(4L),
                losses("rounded", "again").get(0L),
                "the precision of the model's products is not that of the adapter's");
        for (String name : WEIGHTS) {
            float[] base = values("rounded", 5, "finetune.base", name);
            float[] a = values("rounded", 5, "finetune.adapter", "a." + name);
            float[] b = values("rounded", 5, "finetune.adapter", "b." + name);
            float[] merged = values("rounded", 5, "policy", name);
            int out = b.length / 2;
            double most = 0;
            for (int i = 0; i < merged.length; i++) {
                double sum = 0;
                for (int r = 0; r < 2; r++) {
                    sum += a[i / out * 2 + r] * b[r * out + i % out];
                }
                assertEquals(base[i] + 1.5 * sum, merged[i], 1e-6);
                most = Math.max(most, Math.abs(merged[i] - base[i]));
            }
            assertTrue(most > 1e-3, name);
        }
    }

    @Test
    void atItsBeginTheModelIsWhatItWasAndAtItsEndWhatItBecame() throws IOException {
        assertEquals(
                losses("run", "pretrain").get(3L), losses("run", "finetune").get(0L), "bit for bit");
        double end = losses("run", "finetune").get(4L);
        assertNotEquals(losses("run", "finetune").get(0L), end, 1e-3);
        assertEquals(end, losses("run", "again").get(0L), 1e-6 * end, "a plain model computes the same");
    }

    @Test
    void laterPhasesKnowOfNoAdapter() throws IOException {
        assertEquals("[again, copy, policy]", state("run", 8).owners().toString());
        Map<String, String> then = hashes("run", 7, "policy");
        hashes("run", 9, "policy").forEach((name, hash) -> assertNotEquals(then.get(name), hash, name));
        assertEquals(then, hashes("run", 10, "copy"), "policy@finetune");
    }

    private static String sample(String run, int step) throws IOException {
        try (Stream<Path> files = Files.list(console.out(run).resolve("samples/step-%08d".formatted(step)))) {
            return Files.readString(files.findFirst().orElseThrow());
        }
    }

    @Test
    void samplesAreOfTheModelAsItIs() throws IOException {
        run("still", "--set", "phases.finetune.learningRate=0", "--set", "phases.finetune.minLearningRate=0");
        assertEquals(sample("run", 3), sample("still", 3));
        assertNotEquals(sample("run", 5), sample("still", 5), "what the adapter learned shows within the phase");
    }

    /** Whoever has the run alone knows neither its phases nor their adapters. */
    @Test
    void aCheckpointWithinThePhaseIsOfAPlainModel() throws IOException {
        Options options = Options.none().from(Optional.of(5L));
        try (Restored restored = new Engine(console.framework().context())
                .restored(console.out("run"), options, _ -> {}, Client.NOBODY)) {
            assertEquals(
                    sample("run", 5),
                    restored.draw(restored.plans().getFirst(), 5, (_, _) -> {})
                            .getFirst()
                            .text());
        }
    }

    @Test
    void whatFollowsEachStepIsExplained() {
        ExperimentFile file = ExperimentFile.read(console.experiment());
        try (Workbench bench =
                new Engine(console.framework().context()).workbench(file, Options.none(), Client.NOBODY)) {
            List<String> programs = Explained.of(
                            bench, List.of(), new Explained.Wish(Optional.empty(), false, false), Optional.empty())
                    .programs()
                    .stream()
                    .map(Explained.Program::name)
                    .filter(name -> name.endsWith("adapter"))
                    .toList();
            assertEquals(List.of("finetune adapter"), programs);
        }
    }

    @TestFactory
    Stream<DynamicTest> stoppedAnywhereAndResumedItHasTheSameBytes() throws IOException {
        byte[] expected = bytes(console.out("run"), 10);
        return Stream.of(4, 6, 8)
                .map(n -> DynamicTest.dynamicTest("before step " + n, () -> {
                    Path run = console.out("stopped" + n);
                    Console.Answer stopped =
                            console.run(Console.before(n), console.experiment().toString(), "--out", run.toString());
                    assertEquals(130, stopped.code(), stopped.err());
                    Console.Answer resumed = console.run(() -> false, "--resume", run.toString());
                    assertEquals(0, resumed.code(), resumed.err());
                    assertArrayEquals(expected, bytes(run, 10));
                    assertEquals(losses("run", "finetune"), losses("stopped" + n, "finetune"));
                }));
    }

    @Test
    void stepsMayBeAddedToALastPhaseUnderAnAdapter() throws IOException {
        console.write(LAST);
        byte[] expected = bytes(run("whole", "--set", "phases.finetune.steps=6"), 9);
        Path run = run("longer");
        Console.Answer resumed =
                console.run(() -> false, "--resume", run.toString(), "--set", "phases.finetune.steps=6");
        assertEquals(0, resumed.code(), resumed.err());
        assertArrayEquals(expected, bytes(run, 9));
    }

    @Test
    void itIsReplayedCertifiedAndLocked() throws IOException {
        Path run = run("proved", "--set", "certify=true");
        Outcome outcome = console.replay(run);
        assertEquals(List.of(), outcome.differences());
        assertEquals(Optional.of(10L), outcome.compared());
        String lock = Files.readString(run.resolve("lock.json")).replaceAll("\\s", "");
        assertTrue(lock.contains("\"kind\":\"adapter\",\"id\":\"lora\""), lock);
        assertTrue(lock.contains("test.adapter.lora"), lock);
        assertTrue(lock.contains("\"phase\":\"finetune\",\"stoppedAfter\":2"), lock);
    }

    @Test
    void aLastPhaseUnderAnAdapterIsJudgedWithItsControls() throws IOException {
        console.write(LAST);
        Console.Answer answer =
                console.small("judged", "--set", "criteria=[{\"metric\": \"finetune/loss/validation\", \"max\": 9}]");
        assertEquals(1, answer.code(), answer.err());
        String verdict = Files.readString(console.out("judged").resolve("verdict.json"));
        assertTrue(verdict.contains("shuffled"), verdict);
    }

    @Test
    void whatIsComputedTwiceIsOfNoAccount() throws IOException {
        console.write(LAST);
        assertArrayEquals(
                bytes(console.out("run"), 7), bytes(run("twice", "--set", "phases.finetune.recompute=blocks"), 7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phases.finetune.adapter.id=lara | $.phases[1].adapter.id: there is no adapter 'lara'; did you mean"
                        + " 'lora'?",
                "phases.finetune.adapter.rnk=2 | $.phases[1].adapter.rnk: there is no such field; did you mean 'rank'?",
                "phases.finetune.adapter.rank=9 | $.phases[1].adapter.rank: is 9, but block0.attention.input.weight is"
                        + " [8, 24], block0.attention.output.weight is [8, 8]; expected at most 8",
                "phases.finetune.adapter.targets=[\"mlpp\"] | $.phases[1].adapter.targets: \"mlpp\" is a part of no"
                        + " weight matrix's name; expected parts of token.weight, position.weight,"
                        + " block0.attention.input.weight,",
                "phases.finetune.adapter.model=polcy | $.phases[1].adapter.model: there is no model 'polcy'; did you"
                        + " mean 'policy'?",
                "phases.finetune.adapter.model=copy | $.phases[1].adapter.model: is \"copy\", and the phase 'pretrain'",
                "phases.finetune.adapter=\"lora\" | $.phases[1].adapter: is \"lora\"; expected an object",
                "phases.+={\"id\": \"pull\", \"models\": {\"student\": \"copy\", \"teacher\": \"policy\"}, \"steps\":"
                    + " 1, \"rate\": 1, \"adapter\": {\"id\": \"lora\"}} | $.phases[4].adapter.model: is missing, and"
                    + " the phase 'pull' (bundle test.phase.pull 1.0.0) is given copy, policy; expected one of these",
            })
    void whatDoesNotFitIsNamedByItsPath(String set, String expected) {
        Console.Answer answer = console.small("bad", "--set", set);
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains(expected), () -> "expected «" + expected + "» in\n" + answer.err());
        assertFalse(Files.exists(console.out("bad")), "a run folder was made");
    }

    /** Makes a matrix of another shape of each. */
    private record Turning() implements AdapterFamily<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public Adapter create(Settings.None settings) {
            return new Adapter() {
                @Override
                public List<Parameter> parameters(List<Parameter> model) {
                    return List.of(Parameter.of("own", Initializer.ZEROS, 1));
                }

                @Override
                public Weights adapt(List<Parameter> model, Weights weights) {
                    return name ->
                            name.equals("token.weight") ? weights.get(name).transpose(1, 0) : weights.get(name);
                }
            };
        }
    }

    @Test
    void anAdapterAtFaultIsNamedAndNotThePhase() {
        console.framework().seat(Seat.ADAPTER, "turning", new Turning());
        Console.Answer answer = console.small("bad", "--set", "phases.finetune.adapter={\"id\": \"turning\"}");
        assertEquals(2, answer.code(), answer.err());
        assertTrue(
                answer.err()
                        .matches("(?s)kolotoc: the adapter 'turning' \\(bundle test.adapter.turning 1.0.0\\) makes f32"
                                + " \\[8, \\d+] of the weight 'token.weight', which is f32 \\[\\d+, 8].*"),
                answer.err());
    }

    @Test
    void aPhaseThatWouldTrainWhatStaysIsRefused() throws IOException {
        console.write(LAST.replaceAll(
                "(?s)\\{\"id\": \"pretrain\", (\"name\": \"finetune\").*?\"adapter\"",
                "{\"id\": \"touch\", $1, \"steps\": 3, \"models\": \"policy\", \"stays\": true, \"copy\":"
                        + " \"slow\", \"adapter\""));
        Console.Answer answer = console.small("bad");
        assertEquals(2, answer.code(), answer.err());
        assertTrue(
                answer.err()
                        .contains("the program 'touch' changes 'token.weight' of the model 'policy', which"
                                + " stays as it is: trained are the parameters of the adapter 'lora' (bundle"
                                + " test.adapter.lora 1.0.0)"),
                answer.err());
        Console.Answer taken = console.small("bad", "--set", "phases.finetune.copy=base");
        assertEquals(2, taken.code(), taken.err());
        assertTrue(taken.err().contains("'base' belongs to a model under an adapter"), taken.err());
        run("touched", "--set", "phases.finetune.stays=false");
        assertEquals(
                hashes("run", 3, "policy").keySet().size() + 4,
                state("touched", 4).of("finetune.slow").size(),
                "a copy of a model under an adapter is one of both");
        assertEquals(
                hashes("touched", 3, "policy").get(WEIGHTS.getFirst()),
                hashes("touched", 4, "finetune.slow").get(WEIGHTS.getFirst()));
    }
}
