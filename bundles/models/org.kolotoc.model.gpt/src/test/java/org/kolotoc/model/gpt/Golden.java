package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** A tiny GPT-2 with weights that another implementation computed with. */
final class Golden {
    final Gpt model;
    private final Map<String, float[]> tensors;

    /**
     * A model of a folder.
     *
     * @param weights the file of its weights
     */
    Golden(String folder, String weights) {
        JsonObject config = GoldenFile.object(folder, "config.json");
        GptSettings settings = new GptSettings(
                config.get("n_layer").getAsInt(),
                config.get("n_head").getAsInt(),
                config.get("n_embd").getAsInt(),
                config.get("n_positions").getAsInt(),
                4,
                0,
                true,
                true,
                true);
        model = new GptFamily()
                .create(
                        settings,
                        Dimensions.of("vocab", config.get("vocab_size").getAsInt()));
        tensors = GoldenFile.safetensors(folder, weights);
    }

    /** The weights of a parameter. */
    float[] weights(Parameter parameter) {
        return tensors.get(HuggingFace.name(parameter.name()));
    }

    /**
     * A bench whose model has these weights.
     *
     * @param model that has this one's parameters, perhaps among others
     */
    Bench bench(Model model) {
        Bench bench = new Bench(new ReferenceBackend(), Map.of("model", model), null, 0);
        for (Parameter parameter : this.model.parameters()) {
            bench.state().buffer("model/" + parameter.name()).write(weights(parameter));
        }
        return bench;
    }

    /** Gives the gradient of a loss by each parameter as an output, by the file's name for it. */
    void differentiate(Tensor loss, Weights weights, Map<String, Tensor> more) {
        Map<String, Tensor> leaves = new LinkedHashMap<>(more);
        model.parameters().forEach(p -> leaves.put(HuggingFace.name(p.name()), weights.get(p.name())));
        List<Tensor> gradients = Gradients.of(loss, List.copyOf(leaves.values()));
        int at = 0;
        for (String name : leaves.keySet()) {
            loss.tracer().output(name, gradients.get(at++));
        }
    }

    /** Holds gradients, outputs by the file's names, against the file's. */
    static void assertGradients(GoldenFile golden, JsonObject part, BoundProgram program) {
        Map<String, JsonElement> norms =
                part.getAsJsonObject("gradient_l2_norms").asMap();
        assertTrue(norms.size() > 0, "no gradients");
        norms.forEach((name, norm) -> {
            double squares = 0;
            for (float value : read(program, name)) {
                squares += (double) value * value;
            }
            golden.assertClose("norm of " + name, norm, (float) Math.sqrt(squares));
        });
        part.getAsJsonObject("gradients")
                .asMap()
                .forEach((name, gradient) -> golden.assertClose(name, gradient, read(program, name)));
    }

    static float[] read(BoundProgram program, String output) {
        float[] values = new float[program.buffer(output).shape().size()];
        program.buffer(output).read(values);
        return values;
    }

    /** Names of tensors that no parameter took. */
    List<String> unused() {
        List<String> taken =
                model.parameters().stream().map(p -> HuggingFace.name(p.name())).toList();
        return tensors.keySet().stream().filter(name -> !taken.contains(name)).toList();
    }

    /** The columns {@code [from, to)} of rows of numbers, one after the other. */
    static int[] columns(JsonElement rows, int from, int to) {
        JsonArray array = rows.getAsJsonArray();
        int[] values = new int[array.size() * (to - from)];
        for (int row = 0; row < array.size(); row++) {
            int[] all = GoldenFile.integers(array.get(row));
            System.arraycopy(all, from, values, row * (to - from), to - from);
        }
        return values;
    }
}
