package org.kolotoc.model.gpt;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.Parameter;

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
