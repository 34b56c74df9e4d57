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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pre-training, fine-tuning through an adapter, and reinforcement learning near a frozen copy, in one experiment: the first
 * two phases are the program's own, the last one is somebody's who has no more than the published contracts, with a kind of
 * seat of its own for what it rewards.
 */
final class OutsideChainTest {
    /** In the middle of the last phase. */
    private static final int STOPPED = 135;

    private static final int END = 150;

    @TempDir
    static Path folder;

    private static Path jar;
    private static Path other;
    private static final Map<String, Launch> PROCESSES = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        jar = OutsideBundle.build("rlhf", folder);
        other = OutsideBundle.build("reversed", folder);
        PROCESSES.put("run", run("run"));
        PROCESSES.put("cycle", run("cycle", "phases.1.start={\"policy\":\"policy@rlhf\"}"));
        PROCESSES.put(
                "swapped", run("swapped", "phases.2.models={\"model\":\"policy@finetune\",\"reference\":\"policy\"}"));
        PROCESSES.put(
                "stranger",
                run(
                        "stranger",
                        "data.digits={\"id\":\"digits\"}",
                        "models.policy.data=\"world\"",
                        "models.other={\"id\":\"translator\",\"data\":\"digits\"}",
                        "phases.2.models.reference=\"other\""));
        PROCESSES.put("letters", run("letters", "phases.2.reward.letter=\"no\""));
        end("run");
        Assembled.copy(folder.resolve("run"), folder.resolve("resumed"));
        PROCESSES.put(
                "resumed", Launch.start("run", "--resume", folder.resolve("resumed"), "--from", STOPPED, "--trust"));
        PROCESSES.put("replayed", Launch.start("replay", folder.resolve("run"), "--from", 100, "--json", "--trust"));
    }

    private static Launch run(String name, String... sets) {
        List<Object> line = new ArrayList<>(List.of(
                "run",
                OutsideBundle.sources("rlhf").resolve("rlhf.json"),
                "--plugin",
                jar,
                "--plugin",
                other,
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

    private static JsonObject json(String file) throws IOException {
        return JsonParser.parseString(Files.readString(folder.resolve(file))).getAsJsonObject();
    }

    private static String frozen(int step) throws IOException {
        return json(String.format("run/checkpoints/step-%08d/checkpoint.json", step))
                .getAsJsonObject("frozen")
                .get("policy@finetune")
                .getAsString();
    }

    /** What was measured at the end of each phase and before the last one, by the name of the measure. */
    private static List<Double> evaluations(String measure) throws IOException {
        return Files.readAllLines(folder.resolve("run/metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.has(measure))
                .map(line -> line.get(measure).getAsDouble())
                .toList();
    }

    @Test
    void theRewardRisesNearTheReferenceAndUntrainedAnswersAreRefused() throws Exception {
        end("run").expect(0);
        JsonObject verdict = json("run/verdict.json");
        assertEquals("met", verdict.get("verdict").getAsString());
        assertTrue(verdict.getAsJsonObject("controlsRefusedBy").has("untrained"), verdict::toString);
        List<Double> rewards = evaluations("reward/validation");
        assertTrue(rewards.getLast() > 2 * rewards.getFirst(), rewards::toString);
    }

    /** The policy begins as its reference, which is the model with what the adapter had learned in it. */
    @Test
    void theReferenceIsTheModelAfterItsAdapterAndStaysAsItIs() throws Exception {
        end("run").expect(0);
        List<Double> apart = evaluations("kl/validation");
        assertEquals(0, apart.getFirst(), "both are the same weights before the first step");
        assertTrue(apart.getLast() > 0.01, apart::toString);
        assertEquals(frozen(STOPPED), frozen(END));
        List<Double> losses = evaluations("loss/validation");
        assertTrue(losses.getLast() < losses.get(losses.size() - 2), () -> "the adapter learns nothing: " + losses);
    }

    @Test
    void stoppedAmidAnswersAndResumedItEndsWithTheSameBytes() throws Exception {
        end("resumed").expect(0);
        Path first = Tiny.state(folder.resolve("run"), END);
        assertEquals(-1, Files.mismatch(first, Tiny.state(folder.resolve("resumed"), END)));
        assertTrue(Files.mismatch(first, Tiny.state(folder.resolve("run"), STOPPED)) >= 0);
        assertEquals(json("run/verdict.json"), json("resumed/verdict.json"));
    }

    @Test
    void replayedFromTheAdapterOnItIsEqual() {
        JsonObject outcome =
                JsonParser.parseString(end("replayed").expect(0).out()).getAsJsonObject();
        assertEquals(END, outcome.get("equalUpTo").getAsInt(), outcome::toString);
    }

    @Test
    void weightsOfALaterPhaseAreRefused() {
        refused("cycle", "$.phases[1].start.policy: is \"policy@rlhf\"");
    }

    @Test
    void aReferenceThatStaysIsNoPolicy() {
        refused(
                "swapped",
                "$.phases[2].models.model: is \"policy@finetune\", weights that stay as they are, but rlhf trains its"
                        + " 'model'",
                "expected \"policy\"");
    }

    @Test
    void aModelOfAnotherKindIsNoReference() {
        refused(
                "stranger",
                "$.phases[2].models.reference: the model 'other' is none for the phase 'reinforce'",
                "'i32 tokens[batch,time] -> f32 logits[batch,time,vocab]'; this one offers"
                        + " 'i32 source[batch,from]; i32 target[batch,to] -> f32 logits[batch,to,vocab]'");
    }

    @Test
    void whatIsWrongWithTheRewardIsNamedByItsPath() {
        refused("letters", "$.phases[2].reward.letter: is \"no\"");
    }

    private static void refused(String process, String... said) {
        end(process).expect(2).says(said);
        assertFalse(Files.exists(folder.resolve(process)), "nothing was begun");
    }
}
