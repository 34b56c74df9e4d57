package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Advantages;
import org.kolotoc.nn.Losses;
import org.kolotoc.nn.PolicyLosses;
import org.kolotoc.nn.PreferenceLosses;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Losses of a policy over answers that it wrote: of given log-probabilities, and through the model that gives them. */
final class PolicyGoldens {
    private static final List<String> FEEDS =
            List.of("reference_log_probs", "old_log_probs", "old_values", "new_values");

    private final GoldenFile golden;
    private final JsonObject samples;
    private final Tracer tracer = new Tracer();
    private final int rows;
    private final int time;
    private final Tensor counted;

    private PolicyGoldens(GoldenFile golden) {
        this.golden = golden;
        this.samples = golden.part("samples");
        this.rows = samples.getAsJsonArray("input_ids").size();
        this.time = samples.getAsJsonArray("mask").get(0).getAsJsonArray().size();
        this.counted = tracer.feed("counted", DType.BOOL, Shape.of(rows, time));
    }

    /** The losses as functions of the log-probabilities alone. */
    static void ofNumbers(GoldenFile golden) {
        golden.part("fixed_log_probs").keySet().stream()
                .filter(name -> !name.equals("rule"))
                .forEach(name -> new PolicyGoldens(golden).ofNumbers(name));
    }

    private void ofNumbers(String name) {
        JsonObject expected = golden.part("fixed_log_probs").getAsJsonObject(name);
        Tensor logProbabilities = tracer.feed("log_probs", DType.F32, Shape.of(rows, time));
        Tensor loss = loss(name, "per_sequence", logProbabilities);
        tracer.output("loss", loss);
        tracer.output("gradient", Gradients.of(loss, List.of(logProbabilities)).getFirst());
        try (Bench bench = new Bench(new ReferenceBackend(), Map.of(), null, 0);
                BoundProgram program = bench.prepare(name, tracer.program())) {
            program.buffer("log_probs").write(GoldenFile.floats(samples.get("log_probs")));
            feed(program);
            program.run();
            golden.assertClose(name, expected.get("loss"), Golden.read(program, "loss"));
            float[] gradient = Golden.read(program, "gradient");
            golden.assertClose(name + " gradient", expected.get("gradient_to_log_probs"), gradient);
            int[] mask = Golden.columns(samples.get("mask"), 0, time);
            for (int i = 0; i < mask.length; i++) {
                assertEquals(0, mask[i] == 1 ? 0 : gradient[i], name + ": position " + i + " is no part of an answer");
            }
        }
    }

    /** Through the policy that learns, with what is computed on the way. */
    static void ofModels(GoldenFile golden, String name) {
        JsonObject expected = golden.part(name);
        if (!name.equals("grpo")) {
            new PolicyGoldens(golden).ofModel(name, "", expected, expected);
            return;
        }
        for (String normalisation : List.of("per_sequence", "per_token")) {
            new PolicyGoldens(golden).ofModel(name, normalisation, expected, expected.getAsJsonObject(normalisation));
        }
    }

    private void ofModel(String name, String normalisation, JsonObject between, JsonObject expected) {
        Golden policy = new Golden("language", "policy.safetensors");
        Weights weights = policy.model.weights(tracer, "model");
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(rows, time + 1));
        Tensor logits = policy.model
                .forward(weights, Map.of("tokens", tokens), Pass.inference())
                .get("logits");
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(rows, time));
        Tensor loss = loss(name, normalisation, PolicyLosses.logProbabilities(logits.slice(1, 0, time), targets));
        tracer.output("loss", loss);
        policy.differentiate(loss, weights, Map.of());
        try (Bench bench = policy.bench(policy.model);
                BoundProgram program = bench.prepare(name, tracer.program())) {
            program.buffer("tokens").write(Golden.columns(samples.get("input_ids"), 0, time + 1));
            program.buffer("targets").write(Golden.columns(samples.get("input_ids"), 1, time + 1));
            feed(program);
            program.run();
            golden.assertClose(name, expected.get("loss"), Golden.read(program, "loss"));
            Golden.assertGradients(golden, expected, program);
            between.asMap().forEach((what, value) -> {
                if (tracer.program().outputs().containsKey("between " + what)) {
                    golden.assertClose(what, value, Golden.read(program, "between " + what));
                }
            });
        }
    }

    private void feed(BoundProgram program) {
        var inputs = tracer.program().inputs();
        program.buffer("counted").write(Golden.columns(samples.get("mask"), 0, time));
        FEEDS.stream()
                .filter(inputs::containsKey)
                .forEach(name -> program.buffer(name).write(GoldenFile.floats(samples.get(name))));
        if (inputs.containsKey("scores")) {
            program.buffer("scores").write(GoldenFile.floats(samples.get("scores")));
        }
    }

    private Tensor given(String name) {
        return tracer.feed(name, DType.F32, Shape.of(rows, time));
    }

    private Tensor scores() {
        return tracer.feed("scores", DType.F32, Shape.of(rows));
    }

    private double number(String name) {
        return samples.get(name).getAsDouble();
    }

    private Tensor loss(String name, String normalisation, Tensor logProbabilities) {
        return switch (name) {
            case "reinforce" -> reinforce(logProbabilities);
            case "ppo" -> ppo(logProbabilities);
            case "grpo" -> grpo(normalisation, logProbabilities);
            case "dpo" -> dpo(logProbabilities);
            default -> throw new AssertionError("no loss '" + name + "'");
        };
    }

    private Tensor reinforce(Tensor logProbabilities) {
        Tensor divergence = Losses.kept(logProbabilities.sub(given("reference_log_probs")), counted)
                .sum(-1);
        Tensor whitened = Advantages.whitened(scores().sub(divergence.mul(number("beta"))));
        tracer.output("between kl", divergence);
        tracer.output("between whitened", whitened);
        return PolicyLosses.reinforce(logProbabilities, counted, whitened);
    }

    private Tensor ppo(Tensor logProbabilities) {
        Tensor old = given("old_log_probs");
        Tensor values = given("old_values");
        double clip = number("clip");
        Tensor rewards = Advantages.tokenRewards(old, given("reference_log_probs"), counted, scores(), number("beta"));
        Advantages.Generalized generalized =
                Advantages.generalized(rewards, values, counted, number("gamma"), number("gae_lambda"));
        Tensor whitened = Advantages.whitened(generalized.advantages(), counted);
        Tensor ratios = PolicyLosses.ratios(logProbabilities, old, counted);
        tracer.output("between token_rewards", rewards);
        tracer.output("between advantages", generalized.advantages());
        tracer.output("between returns", Losses.kept(generalized.returns(), counted));
        tracer.output("between whitened_advantages", whitened);
        tracer.output("between clip_fraction", PolicyLosses.clipFraction(ratios, clip, counted));
        tracer.output(
                "between value_loss",
                PolicyLosses.clippedValues(given("new_values"), values, generalized.returns(), clip, counted));
        return Losses.mean(PolicyLosses.clipped(ratios, whitened, clip), counted);
    }

    private Tensor grpo(String normalisation, Tensor logProbabilities) {
        int[] groups = GoldenFile.integers(samples.get("groups"));
        Tensor advantages = Advantages.group(scores().reshape(groups));
        Tensor divergences = PolicyLosses.divergences(logProbabilities, given("reference_log_probs"), counted);
        Tensor ratios = PolicyLosses.ratios(logProbabilities, given("old_log_probs"), counted);
        Tensor losses = PolicyLosses.clipped(ratios, advantages.reshape(rows, 1), number("clip"))
                .add(divergences.mul(number("beta")));
        tracer.output("between advantages", advantages.reshape(rows));
        tracer.output("between kl_tokens", divergences);
        return normalisation.equals("per_token") ? Losses.mean(losses, counted) : Losses.meanOfRows(losses, counted);
    }

    private Tensor dpo(Tensor logProbabilities) {
        double beta = golden.part("dpo").get("beta").getAsDouble();
        Tensor rewards = PreferenceLosses.implicitRewards(logProbabilities, given("reference_log_probs"), counted, beta)
                .reshape(rows / 2, 2);
        Tensor chosen = rewards.slice(1, 0, 1);
        Tensor rejected = rewards.slice(1, 1, 2);
        tracer.output("between margins", chosen.sub(rejected).div(beta));
        tracer.output("between accuracy", Functions.mean(chosen.gt(rejected).cast(DType.F32)));
        return Functions.mean(PreferenceLosses.pairwise(chosen, rejected));
    }
}
