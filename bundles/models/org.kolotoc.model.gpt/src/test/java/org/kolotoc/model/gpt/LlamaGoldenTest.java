package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Pass;
import org.kolotoc.api.text.CachedLanguageSession;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.nn.Losses;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tck.GoldenModel;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** The numbers of another implementation of Llama, from its own configuration and weights. */
class LlamaGoldenTest {
    /** The backend whose numbers are compared. */
    Backend backend() {
        return new ReferenceBackend();
    }

    @TestFactory
    Stream<DynamicTest> outputsLossAndGradients() {
        return Stream.of("tiny_llama", "tiny_llama_gqa")
                .map(folder -> DynamicTest.dynamicTest(folder, () -> compare(folder)));
    }

    private void compare(String folder) {
        GoldenFile golden = GoldenFile.of(folder);
        GoldenModel model = GoldenModel.of(new GptFamily(), folder);
        Gpt gpt = (Gpt) model.model();
        JsonObject json = golden.json();
        JsonArray ids = json.getAsJsonArray("input_ids");
        int rows = ids.size();
        int time = ids.get(0).getAsJsonArray().size();
        boolean gradients = json.has("gradients");
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(rows, time));
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(rows, time - 1));
        Weights weights = model.weights(tracer);
        Map<String, Tensor> outputs = gpt.forward(weights, Map.of("tokens", tokens), Pass.inference());
        outputs.forEach(tracer::output);
        List<Tensor> stream = gpt.stream(weights, tokens, Pass.inference());
        for (int i = 0; i < stream.size() - 1; i++) {
            tracer.output("stream" + i, stream.get(i));
        }
        Tensor loss = Losses.crossEntropy(outputs.get("logits").slice(1, 0, time - 1), targets);
        if (gradients) {
            model.outputGradients(tracer, loss);
        } else {
            tracer.output("loss", loss);
        }
        try (Bench bench = new Bench(backend(), Map.of("model", gpt), null, 0);
                BoundProgram program = bench.prepare("golden", tracer.program())) {
            model.load(bench);
            program.buffer("tokens").write(Golden.columns(ids, 0, time));
            program.buffer("targets").write(Golden.columns(ids, 1, time));
            program.run();
            golden.assertClose("logits", json.get("logits"), GoldenModel.read(program, "logits"));
            JsonArray hidden = json.getAsJsonArray("hidden_states");
            for (int i = 0; i < hidden.size(); i++) {
                String name = i == hidden.size() - 1 ? "hidden" : "stream" + i;
                golden.assertClose(name, hidden.get(i), GoldenModel.read(program, name));
            }
            golden.assertClose("loss", json.get("loss_next_token"), program.scalar("loss"));
            if (gradients) {
                model.compareGradients(golden, program);
            }
            if (json.has("greedy")) {
                greedy(json.getAsJsonObject("greedy"), gpt, bench);
            }
        }
    }

    /** With a cache that has as many heads as there are of keys and values. */
    private static void greedy(JsonObject greedy, Gpt gpt, Bench bench) {
        int[] prompt = GoldenFile.integers(greedy.get("prompt"));
        int[] expected = GoldenFile.integers(greedy.get("tokens"));
        int[] tokens = Arrays.copyOf(prompt, expected.length);
        try (LanguageSession session = new CachedLanguageSession(bench, "model", "session", gpt, 1)) {
            float[] logits = session.prefill(new int[][] {prompt})[0];
            for (int i = prompt.length; i < tokens.length; i++) {
                for (int token = 1; token < logits.length; token++) {
                    tokens[i] = logits[token] > logits[tokens[i]] ? token : tokens[i];
                }
                logits = session.step(tokens[i])[0];
            }
        }
        assertArrayEquals(expected, tokens);
    }
}
