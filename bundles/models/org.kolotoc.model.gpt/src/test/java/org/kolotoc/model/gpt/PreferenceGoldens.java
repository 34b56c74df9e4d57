package org.kolotoc.model.gpt;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.PreferenceLosses;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Rewards read from the last token of answers that are in order, the best first. */
final class PreferenceGoldens {
    private PreferenceGoldens() {}

    /** @param name the case of the file: which loss */
    static void check(GoldenFile golden, String name) {
        JsonObject given = golden.part("reward_kwise");
        JsonObject expected = golden.part(name);
        Golden policy = new Golden("language", "policy.safetensors");
        int prompts = given.get("prompts").getAsInt();
        int answers = given.get("K").getAsInt();
        int rows = prompts * answers;
        int time = given.getAsJsonArray("input_ids").get(0).getAsJsonArray().size();

        Tracer tracer = new Tracer();
        Weights weights = policy.model.weights(tracer, "model");
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(rows, time));
        Tensor head = tracer.feed("weights of the head", DType.F32, GoldenFile.shape(given.get("head")));
        Tensor last = tracer.feed("last", DType.I32, Shape.of(rows, 1));
        Tensor hidden = policy.model
                .forward(weights, Map.of("tokens", tokens), Pass.inference())
                .get("hidden");
        Tensor rewards = hidden.mul(head).sum(-1).gatherAlong(1, last).reshape(prompts, answers);
        Tensor loss = Functions.mean(losses(name, rewards));
        tracer.output("rewards", rewards);
        tracer.output("loss", loss);
        policy.differentiate(loss, weights, Map.of("head", head));
        try (Bench bench = policy.bench(policy.model);
                BoundProgram program = bench.prepare(name, tracer.program())) {
            program.buffer("tokens").write(Golden.columns(given.get("input_ids"), 0, time));
            program.buffer("weights of the head").write(GoldenFile.floats(given.get("head")));
            int[] lengths = GoldenFile.integers(given.get("lengths"));
            program.buffer("last")
                    .write(Arrays.stream(lengths).map(length -> length - 1).toArray());
            program.run();
            float[] scores = Golden.read(program, "rewards");
            golden.assertClose("rewards", given.get("rewards"), scores);
            golden.assertClose("loss", expected.get("loss"), Golden.read(program, "loss"));
            Golden.assertGradients(golden, expected, program);
            JsonElement accuracy = expected.get("accuracy");
            if (accuracy != null) {
                float right = 0;
                for (int prompt = 0; prompt < prompts; prompt++) {
                    right += scores[prompt * answers] > scores[(prompt + 1) * answers - 1] ? 1 : 0;
                }
                golden.assertClose("accuracy", accuracy, right / prompts);
            }
        }
    }

    private static Tensor losses(String name, Tensor rewards) {
        int worst = rewards.shape().extent(1) - 1;
        return switch (name) {
            case "reward_kwise" -> PreferenceLosses.kwise(rewards);
            case "reward_listwise" -> PreferenceLosses.listwise(rewards);
            default -> PreferenceLosses.pairwise(rewards.slice(1, 0, 1), rewards.slice(1, worst, worst + 1));
        };
    }
}
