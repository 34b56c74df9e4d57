package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the four phases, shortened to seconds: its chain of weights, its transcripts, its arena. */
class AssistantTest {
    private static final Path EXAMPLE = Assembled.PROJECT.resolve("examples/experiments/assistant.json");
    private static final int QUESTIONS = 8;

    /** Steps after which the phases end. */
    private static final List<Integer> ENDS = List.of(12, 36, 42, 44);

    @TempDir
    Path folder;

    /** The example with short phases and small models, changed further. */
    private Path experiment(Consumer<JsonObject> change) throws IOException {
        JsonObject experiment =
                JsonParser.parseString(Files.readString(EXAMPLE)).getAsJsonObject();
        experiment.getAsJsonObject("data").getAsJsonObject("world").addProperty("characters", 60_000);
        for (String model : List.of("policy", "reward")) {
            JsonObject small = experiment.getAsJsonObject("models").getAsJsonObject(model);
            small.addProperty("layers", 1);
            small.addProperty("heads", 2);
            small.addProperty("width", 32);
        }
        int before = 0;
        for (int i = 0; i < ENDS.size(); i++) {
            JsonObject phase = experiment.getAsJsonArray("phases").get(i).getAsJsonObject();
            phase.addProperty("steps", ENDS.get(i) - before);
            phase.addProperty("warmup", 1);
            before = ENDS.get(i);
        }
        phase(experiment, "pretrain").addProperty("evaluationSequences", 8);
        phase(experiment, "finetune").addProperty("questions", QUESTIONS);
        phase(experiment, "finetune").addProperty("answersAtOnce", QUESTIONS);
        phase(experiment, "rlhf").addProperty("heldOut", QUESTIONS);
        experiment.getAsJsonArray("samples").get(0).getAsJsonObject().addProperty("count", QUESTIONS);
        experiment.add("evaluateAt", new JsonArray());
        change.accept(experiment);
        return Files.writeString(folder.resolve("assistant.json"), experiment.toString());
    }

    private static JsonObject phase(JsonObject experiment, String name) {
        for (JsonElement phase : experiment.getAsJsonArray("phases")) {
            if (phase.getAsJsonObject().get("id").getAsString().equals(name)) {
                return phase.getAsJsonObject();
            }
        }
        throw new AssertionError(name);
    }

    private static JsonObject checkpoint(Path run, int step) throws IOException {
        Path file = run.resolve(String.format("checkpoints/step-%08d/checkpoint.json", step));
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    private static String kept(Path run, int step, String weights) throws IOException {
        return checkpoint(run, step).getAsJsonObject("frozen").get(weights).getAsString();
    }

    @Test
    void fourPhasesAreOneChainAndTheArenaIsThere() throws IOException {
        Path run = folder.resolve("run");
        Launch.Result result = Launch.run("run", experiment(_ -> {}), "--out", run, "--threads", 1);
        // So short a training answers nothing: the example's criteria are not met.
        result.expect(1);
        assertTrue(result.out().contains("verdict: not met"), result.out());

        chain(run);
        transcripts(run, result.out());
        arena(run, result.out());
        sampled(run);

        // Other weights in the place of those that a later phase began with are noticed.
        Path other = folder.resolve("other");
        Launch.run(
                        "run",
                        experiment(experiment -> {
                            experiment.addProperty("seed", 2);
                            JsonArray first = new JsonArray();
                            first.add(phase(experiment, "pretrain"));
                            experiment.add("phases", first);
                            List.of("samples", "metrics", "criteria")
                                    .forEach(part -> experiment.add(part, new JsonArray()));
                            experiment.getAsJsonObject("models").remove("reward");
                        }),
                        "--out",
                        other,
                        "--threads",
                        1)
                .expect(0);
        replace(other, run, 12);
        Launch.run("run", "--resume", run, "--from", 42, "--set", "phases.rlhf.steps=3")
                .expect(2)
                .says("policy@pretrain");
    }

    /** Each phase keeps by their hashes the weights that those before it left. */
    private static void chain(Path run) throws IOException {
        Set<String> hashes = new HashSet<>();
        for (String weights : List.of("policy@pretrain", "policy@finetune", "reward@reward", "policy@rlhf")) {
            hashes.add(kept(run, 44, weights));
        }
        assertEquals(4, hashes.size(), "phases relabel the same weights");
        for (int step : ENDS) {
            assertEquals(kept(run, 44, "policy@pretrain"), kept(run, step, "policy@pretrain"));
        }
        for (int step : ENDS.subList(1, 4)) {
            assertEquals(kept(run, 44, "policy@finetune"), kept(run, step, "policy@finetune"));
        }
        for (int i = 1; i < ENDS.size(); i++) {
            assertNotEquals(
                    checkpoint(run, ENDS.get(i - 1)).get("sha256").getAsString(),
                    checkpoint(run, ENDS.get(i)).get("sha256").getAsString());
        }
        assertFalse(checkpoint(run, 12).getAsJsonObject("frozen").has("policy@finetune"), "that comes later");
    }

    private static void transcripts(Path run, String out) throws IOException {
        String report = Files.readString(run.resolve("report.html"));
        for (int i = 0; i < QUESTIONS; i++) {
            String transcript =
                    Files.readString(run.resolve("samples/step-00000044").resolve(i + ".txt"));
            List<String> names = transcript
                    .lines()
                    .skip(1)
                    .map(line -> line.strip().split(" ")[0])
                    .toList();
            assertEquals(List.of("base", "sft", "rlhf"), names, transcript);
            assertTrue(transcript.lines().findFirst().orElseThrow().endsWith("?"), transcript);
            assertTrue(report.contains(transcript.lines().findFirst().orElseThrow()), transcript);
        }
        String first = Files.readString(run.resolve("samples/step-00000044/0.txt"));
        assertTrue(out.contains(first.lines().findFirst().orElseThrow()), out);
    }

    private static void arena(Path run, String out) throws IOException {
        Path votes = run.resolve("samples/step-00000044/arena/votes.jsonl");
        assertEquals(3 * QUESTIONS, Files.readAllLines(votes).size());
        String head = "Rank (UB)  Rank (StyleCtrl)  Model  Arena Score  95% CI";
        assertTrue(out.contains("--- arena/leaderboard ---\n" + head), out);
        assertTrue(Files.readString(run.resolve("report.html")).contains(head));
        Launch.Result again = Launch.run("arena", votes, "--prior", 1).expect(0);
        assertTrue(again.out().startsWith(head) && again.out().contains("rlhf"), again.out());
    }

    /** Without the data its questions are not there; with others the three answer again. */
    private static void sampled(Path run) throws IOException {
        Launch.run("sample", run)
                .expect(2)
                .says("$.samples[0].questions", "the data 'chats' of the run is not open here");
        String question =
                Files.readAllLines(run.resolve("samples/step-00000044/0.txt")).getFirst();
        Launch.Result drawn = Launch.run("sample", run, "--set", "samples.0.questions=[\"" + question + "\"]")
                .expect(0);
        for (String part : List.of(question, "base", "sft", "rlhf")) {
            assertTrue(drawn.out().contains(part), drawn.out());
        }
    }

    private static void replace(Path from, Path into, int step) throws IOException {
        String name = String.format("checkpoints/step-%08d", step);
        try (Stream<Path> files = Files.list(from.resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, into.resolve(name).resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void withoutARewardPhaseNothingIsComputed() throws IOException {
        for (String weights : List.of("reward", "reward@reward")) {
            Path run = folder.resolve(weights);
            Launch.Result refused = Launch.run(
                    "run",
                    experiment(experiment -> {
                        experiment.getAsJsonArray("phases").remove(phase(experiment, "reward"));
                        phase(experiment, "rlhf").getAsJsonObject("models").addProperty("reward", weights);
                        experiment.add("criteria", new JsonArray());
                    }),
                    "--out",
                    run);
            refused.expect(2).says("$.phases[2].models.reward", "reward", "phase");
            assertFalse(Files.exists(run), "a run was begun");
        }
    }
}
