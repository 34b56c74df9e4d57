package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.adapter.LoraFamily;
import org.kolotoc.adapter.LoraSettings;
import org.kolotoc.api.Adapter;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Losses;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Losses over answers, comparisons and rewards, and probabilities of tokens, beside another implementation's. */
class LanguageGoldenTest {
    private static final String FOLDER = "language";

    @TestFactory
    Stream<DynamicTest> everyCase() {
        GoldenFile golden = GoldenFile.of(FOLDER);
        return golden.json().getAsJsonObject("cases").keySet().stream().map(name -> switch (name) {
            case "sft" -> DynamicTest.dynamicTest(name, () -> answersAlone(golden));
            case "label_smoothing" -> DynamicTest.dynamicTest(name, () -> smoothedLabels(golden));
            case "reward_kwise", "reward_pairwise", "reward_listwise" ->
                DynamicTest.dynamicTest(name, () -> PreferenceGoldens.check(golden, name));
            case "reinforce", "ppo", "grpo", "dpo" ->
                DynamicTest.dynamicTest(name, () -> PolicyGoldens.ofModels(golden, name));
            case "fixed_log_probs" -> DynamicTest.dynamicTest(name, () -> PolicyGoldens.ofNumbers(golden));
            case "lora" -> DynamicTest.dynamicTest(name, () -> lowRank(golden));
            case "samples" -> DynamicTest.dynamicTest(name, () -> logProbabilities(golden));
            default -> GoldenFile.notEvaluated(name, "nothing of that kind yet");
        });
    }

    /** Only the matrices of an adapter learn; what it makes of the weights is the file's merged matrix. */
    private void lowRank(GoldenFile golden) {
        JsonObject lora = golden.part("lora");
        JsonObject sft = golden.part("sft");
        Golden policy = new Golden(FOLDER, "policy.safetensors");
        String adapted = "attention.input";
        Adapter adapter = new LoraFamily()
                .create(new LoraSettings(
                        lora.get("rank").getAsInt(), lora.get("alpha").getAsDouble(), List.of(adapted)));
        Model model = adapter.around(policy.model);
        Map<String, JsonElement> matrices = lora.getAsJsonObject("matrices").asMap();
        List<String> names = model.parameters().stream().map(Parameter::name).toList();
        assertEquals(
                Set.copyOf(names),
                matrices.keySet().stream().map(name -> matrix(name, adapted)).collect(Collectors.toSet()));
        int rows = sft.getAsJsonArray("input_ids").size();
        int time = sft.getAsJsonArray("input_ids").get(0).getAsJsonArray().size();

        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, "model");
        Tensor logits = logits(tracer, model, weights, rows, time);
        Tensor loss = answerLoss(tracer, logits);
        List<Tensor> gradients =
                Gradients.of(loss, names.stream().map(weights::get).toList());
        tracer.output("logits", logits);
        tracer.output("loss", loss);
        for (int i = 0; i < names.size(); i++) {
            tracer.output("gradient " + names.get(i), gradients.get(i));
        }
        String first = "block0." + adapted + ".weight";
        tracer.output(
                "merged", adapter.adapt(policy.model.parameters(), weights).get(first));
        try (Bench bench = policy.bench(model);
                BoundProgram program = bench.prepare("lora", tracer.program())) {
            matrices.forEach((name, values) ->
                    bench.state().buffer("model/" + matrix(name, adapted)).write(GoldenFile.floats(values)));
            feed(program, sft, time);
            program.run();
            golden.assertClose("logits", lora.get("logits"), Golden.read(program, "logits"));
            golden.assertClose("loss", lora.get("loss"), Golden.read(program, "loss"));
            golden.assertClose("merged", lora.get("merged_c_attn0"), Golden.read(program, "merged"));
            lora.getAsJsonObject("gradients")
                    .asMap()
                    .forEach((name, gradient) -> golden.assertClose(
                            name, gradient, Golden.read(program, "gradient " + matrix(name, adapted))));
        }
    }

    /** Our name of the file's {@code lora.<block>.A}. */
    private static String matrix(String name, String adapted) {
        String[] parts = name.split("\\.");
        return parts[2].toLowerCase(Locale.ROOT) + ".block" + parts[1] + "." + adapted + ".weight";
    }

    private static Tensor logits(Tracer tracer, Model model, Weights weights, int rows, int time) {
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(rows, time));
        return model.forward(weights, Map.of("tokens", tokens), Pass.inference())
                .get("logits");
    }

    /** Position t predicts token t+1, and counts where that is a part of the answer. */
    private static Tensor answerLoss(Tracer tracer, Tensor logits) {
        int rows = logits.shape().extent(0);
        int time = logits.shape().extent(1);
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(rows, time - 1));
        Tensor counted = tracer.feed("counted", DType.BOOL, Shape.of(rows, time - 1));
        return Losses.crossEntropy(logits.slice(1, 0, time - 1), targets, counted);
    }

    /** The batch of the answers, with labels that are spread a little over all tokens. */
    private void smoothedLabels(GoldenFile golden) {
        JsonObject smoothing = golden.part("label_smoothing");
        JsonObject sft = golden.part("sft");
        Golden policy = new Golden(FOLDER, "policy.safetensors");
        int rows = sft.getAsJsonArray("input_ids").size();
        int time = sft.getAsJsonArray("input_ids").get(0).getAsJsonArray().size();
        Tracer tracer = new Tracer();
        Tensor logits = logits(tracer, policy.model, policy.model.weights(tracer, "model"), rows, time);
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(rows, time - 1));
        Tensor counted = tracer.feed("counted", DType.BOOL, Shape.of(rows, time - 1));
        double eps = smoothing.get("eps").getAsDouble();
        tracer.output("loss", Losses.mean(Losses.smoothed(logits.slice(1, 0, time - 1), targets, eps), counted));
        try (Bench bench = policy.bench(policy.model);
                BoundProgram program = bench.prepare("smoothing", tracer.program())) {
            feed(program, sft, time);
            program.run();
            golden.assertClose("loss", smoothing.get("loss"), Golden.read(program, "loss"));
        }
    }

    private static void feed(BoundProgram program, JsonObject sft, int time) {
        program.buffer("tokens").write(Golden.columns(sft.get("input_ids"), 0, time));
        program.buffer("targets").write(Golden.columns(sft.get("input_ids"), 1, time));
        program.buffer("counted").write(Golden.columns(sft.get("mask"), 1, time));
    }

    private void answersAlone(GoldenFile golden) {
        JsonObject sft = golden.part("sft");
        Golden policy = new Golden(FOLDER, "policy.safetensors");
        assertEquals(List.of(), policy.unused());
        int rows = sft.getAsJsonArray("input_ids").size();
        int time = sft.getAsJsonArray("input_ids").get(0).getAsJsonArray().size();
        int vocab = GoldenFile.shape(sft.get("logits")).extent(2);

        Tracer tracer = new Tracer();
        Weights weights = policy.model.weights(tracer, "model");
        Tensor logits = logits(tracer, policy.model, weights, rows, time);
        Tensor loss = answerLoss(tracer, logits);
        List<Parameter> parameters = policy.model.parameters();
        List<Tensor> leaves = new ArrayList<>(
                parameters.stream().map(p -> weights.get(p.name())).toList());
        leaves.add(logits);
        List<Tensor> gradients = Gradients.of(loss, leaves);
        tracer.output("logits", logits);
        tracer.output("loss", loss);
        tracer.output("logits gradient", gradients.getLast());
        for (int i = 0; i < parameters.size(); i++) {
            tracer.output(HuggingFace.name(parameters.get(i).name()), gradients.get(i));
        }
        try (Bench bench = policy.bench(policy.model);
                BoundProgram program = bench.prepare("sft", tracer.program())) {
            feed(program, sft, time);
            program.run();

            golden.assertClose("logits", sft.get("logits"), Golden.read(program, "logits"));
            golden.assertClose("loss", sft.get("loss"), Golden.read(program, "loss"));
            float[] gradient = Golden.read(program, "logits gradient");
            golden.assertClose("gradient of logits", sft.get("logits_gradient"), gradient);
            for (JsonElement position : sft.getAsJsonArray("zero_positions")) {
                int[] at = GoldenFile.integers(position);
                for (int token = 0; token < vocab; token++) {
                    assertEquals(0f, gradient[(at[0] * time + at[1]) * vocab + token], "position " + position);
                }
            }
            Golden.assertGradients(golden, sft, program);
            float[] positions = Golden.read(program, "transformer.wpe.weight");
            int width = positions.length
                    / GoldenFile.object(FOLDER, "config.json")
                            .get("n_positions")
                            .getAsInt();
            int unread = sft.get("wpe_rows_exactly_zero_from").getAsInt() * width;
            for (int i = unread; i < positions.length; i++) {
                assertEquals(0f, positions[i], "position row " + i / width);
            }
        }
    }

    /** Of the model that learns and of the frozen one. */
    private void logProbabilities(GoldenFile golden) {
        JsonObject samples = golden.part("samples");
        int rows = samples.getAsJsonArray("input_ids").size();
        int time = samples.getAsJsonArray("input_ids").get(0).getAsJsonArray().size();
        Map.of("policy.safetensors", "log_probs", "reference.safetensors", "reference_log_probs")
                .forEach((file, expected) -> {
                    Golden model = new Golden(FOLDER, file);
                    Tracer tracer = new Tracer();
                    Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(rows, time));
                    Tensor targets = tracer.feed("targets", DType.I32, Shape.of(rows, time - 1));
                    Tensor logits = model.model
                            .forward(model.model.weights(tracer, "model"), Map.of("tokens", tokens), Pass.inference())
                            .get("logits");
                    Tensor losses = Functions.crossEntropy(logits.slice(1, 0, time - 1), targets);
                    tracer.output("log_probs", losses.neg());
                    try (Bench bench = model.bench(model.model);
                            BoundProgram program = bench.prepare("samples", tracer.program())) {
                        program.buffer("tokens").write(Golden.columns(samples.get("input_ids"), 0, time));
                        program.buffer("targets").write(Golden.columns(samples.get("input_ids"), 1, time));
                        program.run();
                        golden.assertClose(expected, samples.get(expected), Golden.read(program, "log_probs"));
                    }
                });
    }
}
