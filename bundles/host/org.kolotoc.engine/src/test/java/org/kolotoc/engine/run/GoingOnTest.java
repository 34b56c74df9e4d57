package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.FakeBackend;

/** A run that goes on: what may be changed, what the folder then says, and what becomes of a course that was left. */
final class GoingOnTest {
    private static final String USED = "org.kolotoc.data.world 1.0.0, test.decoder.sample 1.0.0,"
            + " test.metric.longest-copy 1.0.0, test.metric.word-rate 1.0.0, test.model.gpt 1.0.0, test.phase.pretrain"
            + " 1.0.0, test.sampler.text 1.0.0, test.tokenizer.char 1.0.0\n";

    @TempDir
    Path folder;

    private Console console;
    private Path run;

    /** Steps 0 to 12, checkpoints of 5, 10 and 12, a verdict. */
    @BeforeEach
    void finishedRun() throws IOException {
        console = new Console(folder);
        run = console.out("run");
        Console.Answer answer = console.small("run", "--quiet");
        assertEquals(0, answer.code(), answer.err());
        assertEquals("", answer.err(), "nothing to warn of");
    }

    private Console.Answer resume(String... more) {
        String[] line = Stream.concat(Stream.of("--resume", run.toString()), Stream.of(more))
                .toArray(String[]::new);
        return console.run(() -> false, line);
    }

    private JsonObject json(String file) throws IOException {
        return JsonParser.parseString(Files.readString(run.resolve(file))).getAsJsonObject();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path aside() throws IOException {
        List<String> times = names(run.resolve("superseded"));
        assertEquals(1, times.size(), times.toString());
        return run.resolve("superseded").resolve(times.getFirst());
    }

    @Test
    void moreStepsAreTakenAndNoted() throws IOException {
        Console.Answer answer = resume("--set", "phases.0.steps=16", "--set", "evaluateAt=[0, 4, 10, 14]", "--quiet");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(Files.exists(run.resolve("checkpoints/step-00000016")));
        JsonObject experiment = json("experiment.json");
        JsonObject phase = experiment.getAsJsonArray("phases").get(0).getAsJsonObject();
        assertEquals(16, phase.get("steps").getAsInt());
        assertEquals("[0,4,10,14]", experiment.get("evaluateAt").toString());
        assertEquals(JsonParser.parseString("""
            [{"step": 12, "set": "phases.0.steps=16", "was": 12},
             {"step": 12, "set": "evaluateAt=[0,4,10,14]", "was": [0, 4, 10]}]\
            """), json("run.json").get("changes"));
        assertTrue(Files.exists(aside().resolve("verdict.json")), "the verdict over 12 steps");
        assertTrue(Files.exists(run.resolve("verdict.json")), "the verdict over 16 steps");

        assertEquals(
                0,
                resume("--set", "checkpointEvery=0", "--from", "15", "--quiet").code());
        JsonArray changes = json("run.json").getAsJsonArray("changes");
        assertEquals(3, changes.size(), "earlier changes stay: " + changes);
        assertEquals(
                "checkpointEvery=0", changes.get(2).getAsJsonObject().get("set").getAsString());
        assertEquals(15, changes.get(2).getAsJsonObject().get("step").getAsInt());
    }

    @Test
    void otherCriteriaJudgeWhatIsThere() throws IOException {
        byte[] state = Files.readAllBytes(run.resolve("checkpoints/step-00000012/state.safetensors"));
        Console.Answer answer =
                resume("--set", "criteria=[{\"metric\": \"loss/validation\", \"max\": 0.5}]", "--quiet");
        assertEquals(1, answer.code(), answer.out() + answer.err());
        assertEquals("not met", json("verdict.json").get("verdict").getAsString());
        assertEquals(
                "none",
                JsonParser.parseString(Files.readString(aside().resolve("verdict.json")))
                        .getAsJsonObject()
                        .get("verdict")
                        .getAsString());
        assertArrayEquals(state, Files.readAllBytes(run.resolve("checkpoints/step-00000012/state.safetensors")));
    }

    @Test
    void whatDoesNotFitIsNotToldToChangeThePast() {
        Console.Answer answer = resume("--set", "phases.0.steps=16", "--memory", "10k");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("do: say how much there is: --memory 1g; or"), answer.err());
        assertTrue(answer.err().contains("./kolotoc run " + run.resolve("experiment.json")), answer.err());
    }

    @Test
    void thePastCantBeChanged() throws IOException {
        byte[] experiment = Files.readAllBytes(run.resolve("experiment.json"));
        byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
        record Attempt(String option, String value, String said) {}
        for (Attempt attempt : List.of(
                new Attempt(
                        "--set", "phases.0.learningRate=0.02", "$.phases[0].learningRate: recorded 0.01, given 0.02"),
                new Attempt("--set", "phases.0.batch=4", "$.phases[0].batch: recorded 2, given 4"),
                new Attempt("--set", "phases.0.clip=0.5", "$.phases[0].clip: recorded nothing, given 0.5"),
                new Attempt("--seed", "4", "$.seed: recorded 3, given 4"),
                new Attempt("--set", "data.characters=3000", "$.data.characters: recorded 2000, given 3000"),
                new Attempt("--set", "model.dropout=0", "$.model.dropout: recorded 0.1, given 0"),
                new Attempt("--set", "name=other", "$.name: recorded \"small\", given \"other\""))) {
            Console.Answer answer = resume(attempt.option(), attempt.value(), "--from", "5");
            assertEquals(2, answer.code(), answer.out() + answer.err());
            assertTrue(answer.err().contains(attempt.said()), answer.err());
            assertTrue(
                    answer.err()
                            .contains("begin a new run: ./kolotoc run " + run.resolve("experiment.json") + " "
                                    + attempt.option() + " " + attempt.value()),
                    answer.err());
        }
        assertArrayEquals(experiment, Files.readAllBytes(run.resolve("experiment.json")));
        assertArrayEquals(metrics, Files.readAllBytes(run.resolve("metrics.jsonl")));
        assertFalse(Files.exists(run.resolve("superseded")));
        assertEquals(
                0, resume("--seed", "3", "--set", "model.width=8", "--quiet").code(), "the same is no change");
        assertFalse(json("run.json").has("changes"));
        Console.Answer anew = console.run(
                () -> false,
                run.resolve("experiment.json").toString(),
                "--seed",
                "4",
                "--quiet",
                "--out",
                console.out("new").toString());
        assertEquals(0, anew.code(), "the command it names works: " + anew.err());
    }

    @Test
    void onlyTheLastPhaseMayGetLonger() throws IOException {
        console.write(Console.SMALL.replace(
                "\"phases\": [", "\"phases\": [{\"id\": \"pretrain\", \"steps\": 3, \"batch\": 2, \"warmup\": 1}, "));
        run = console.out("two");
        assertEquals(0, console.small("two", "--quiet").code());
        Console.Answer first = resume("--set", "phases.0.steps=4");
        assertEquals(2, first.code());
        assertTrue(first.err().contains("$.phases[0].steps: recorded 3, given 4"), first.err());
        assertEquals(0, resume("--set", "phases.1.steps=13", "--quiet").code());
        assertTrue(Files.exists(run.resolve("checkpoints/step-00000016")));
    }

    @Test
    void aRunCantEndBeforeItsCheckpoint() throws IOException {
        Console.Answer answer = resume("--set", "phases.0.steps=8");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("the checkpoint is of step 12"), answer.err());
        assertTrue(answer.err().contains("$.phases[0].steps makes the run end after step 8"), answer.err());
        assertEquals(
                0, resume("--set", "phases.0.steps=8", "--from", "5", "--quiet").code());
        assertEquals(List.of("step-00000005", "step-00000008"), names(run.resolve("checkpoints")));
    }

    @Test
    void aCourseThatWasLeftIsSetAside() throws IOException {
        Console.Answer again = console.run(Console.before(3), "--resume", run.toString(), "--from", "5");
        assertEquals(130, again.code(), again.err());
        assertTrue(
                again.out()
                        .contains("set aside what came after step 5: checkpoints/step-00000010,"
                                + " checkpoints/step-00000012, samples/step-00000012, verdict.json, report.html"
                                + " (now in " + aside() + ")"),
                again.out());
        assertEquals(List.of("step-00000005", "step-00000007"), names(run.resolve("checkpoints")), "7 is the newest");
        assertEquals(List.of("step-00000010", "step-00000012"), names(aside().resolve("checkpoints")));
        assertTrue(Files.exists(aside().resolve("checkpoints/step-00000012/state.safetensors")));
        assertEquals(List.of("step-00000012"), names(aside().resolve("samples")));
        assertEquals(12, Console.steps(aside()).size());
        assertEquals(7, Console.steps(run).size());
        assertFalse(Files.exists(run.resolve("verdict.json")), "there is none yet");
        Console.Answer on = resume();
        assertEquals(0, on.code(), on.err());
        assertTrue(on.out().contains("goes on after step 7"), on.out());
        assertFalse(on.out().contains("set aside"), on.out());
    }

    @Test
    void bundlesThatBeganTheRunAreComparedWithThoseThatGoOn() throws IOException {
        Path lock = run.resolve("lock.json");
        String recorded = Files.readString(lock);
        assertEquals("", resume("--quiet").err(), "the same bundles");
        console.framework().offering("their.cells", "their.cells", "1.3.0");
        assertTrue(recorded.contains("test.decoder.greedy"), recorded);
        Files.writeString(
                lock, recorded.replaceFirst("(?s)(\"test.decoder.greedy\",\\s*\"version\": \")1.0.0", "$10.9.0"));
        assertEquals(
                "warning: other bundles than those that began this run: test.decoder.greedy: 0.9.0, now 1.0.0;"
                        + " their.cells: not there, now 1.0.0\n",
                resume("--quiet").err());
        for (String broken : List.of("{\"schema\": ", "[]", "{\"bundles\": 3}", "", "nonsense }")) {
            Files.writeString(lock, broken);
            assertEquals(
                    "warning: the bundles that began this run are not known: lock.json is broken; used now: " + USED,
                    resume("--quiet").err());
        }
        assertTrue(Files.readString(run.resolve("report.html")).contains("not known: lock.json is broken"));
        Files.delete(lock);
        Console.Answer answer = resume("--quiet");
        assertEquals(
                "warning: the bundles that began this run are not known: lock.json is missing; used now: " + USED,
                answer.err());
        assertEquals(0, answer.code());
    }

    /** What computes is code too, though it comes in no bundle of its own: the same bytes need the same build of it. */
    @Test
    void librariesAndTheJdkThatBeganTheRunAreCompared() throws IOException {
        Map<String, String> libraries = new TreeMap<>(Map.of("products", "3.11 build a", "sums", "none"));
        console.framework().backend(FakeBackend.of("booked", new FakeBackend.Manner() {
            @Override
            public Map<String, String> libraries() {
                return libraries;
            }
        }));
        run = console.out("booked");
        assertEquals(
                130,
                console.run(
                                Console.before(8),
                                console.experiment().toString(),
                                "--quiet",
                                "--out",
                                run.toString(),
                                "--backend",
                                "booked")
                        .code());
        assertEquals("", resume("--quiet", "--backend", "booked").err(), "the same libraries");
        libraries.put("products", "none");
        libraries.put("exponents", "1.0");
        assertEquals(
                "warning: other libraries than those that began this run: exponents: not there, now 1.0; products: 3.11"
                        + " build a, now none; the bytes of a run without a stop may be others\n",
                resume("--quiet", "--backend", "booked").err());
        Path lock = run.resolve("lock.json");
        String recorded = Files.readString(lock);
        Files.writeString(lock, recorded.replaceFirst("\"jdk\": \"[^\"]*\"", "\"jdk\": \"Old VM 25\""));
        assertEquals(
                "warning: another JDK than the one that began this run: Old VM 25, now "
                        + System.getProperty("java.vm.name") + " " + Runtime.version() + "\n",
                resume("--quiet", "--backend", "reference").err(),
                "another backend was asked for");
    }

    @Test
    void whatHasNoEffectIsSaid() throws IOException {
        console.write(
                Console.SMALL.replace("[0, 4, 10]", "[0, 4, 12, 30, 40]").replace("\"at\": [0, 4]", "\"at\": [13]"));
        Console.Answer answer = console.small("short", "--quiet", "--set", "phases.0.warmup=13");
        assertEquals(0, answer.code(), answer.err());
        assertEquals("""
            warning: $.evaluateAt[3]: 30 comes after the last step, 12
            warning: $.evaluateAt[4]: 40 comes after the last step, 12
            warning: $.samples.at[0]: 13 comes after the last step, 12
            warning: $.phases[0].warmup: 13 is above its 12 steps: the learning rate never gets to its height
            """, answer.err());
        console.write(Console.SMALL.replace("\"warmup\": 2, ", ""));
        assertTrue(
                console.small("standard", "--quiet").err().contains("$.phases[0].warmup: 100"),
                "also what is not written");
    }
}
