package org.kolotoc.model.gpt;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.tck.TestData;
import org.kolotoc.tensor.Parameter;

/** A tiny GPT-2 with random weights, and what another implementation computes with it. */
final class Golden {
    private static final String FOLDER = "reference/tiny_gpt2/";

    final JsonObject outputs = json("golden.json");
    final JsonObject training = json("golden_training.json");
    final Gpt model;
    private final Map<String, float[]> tensors;

    Golden() throws IOException {
        JsonObject config = json("config.json");
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
        tensors = safetensors();
    }

    private static JsonObject json(String name) {
        try {
            return JsonParser.parseString(Files.readString(TestData.file(FOLDER + name)))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, float[]> safetensors() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(TestData.file(FOLDER + "model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        ByteBuffer content = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, float[]> tensors = new HashMap<>();
        JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                .getAsJsonObject()
                .asMap()
                .forEach((name, entry) -> {
                    if (!name.equals("__metadata__")) {
                        JsonArray offsets = entry.getAsJsonObject().getAsJsonArray("data_offsets");
                        int from = offsets.get(0).getAsInt();
                        float[] values = new float[(offsets.get(1).getAsInt() - from) / 4];
                        content.slice(from, values.length * 4)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .asFloatBuffer()
                                .get(values);
                        tensors.put(name, values);
                    }
                });
        return tensors;
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

    static float[] data(JsonElement tensor) {
        JsonArray array = tensor.getAsJsonObject().getAsJsonArray("data");
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsFloat();
        }
        return values;
    }

    static int[] integers(JsonElement list) {
        JsonArray array = list.getAsJsonArray();
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsInt();
        }
        return values;
    }

    /** The columns {@code [from, to)} of rows of numbers, one after the other. */
    static int[] columns(JsonElement rows, int from, int to) {
        JsonArray array = rows.getAsJsonArray();
        int[] values = new int[array.size() * (to - from)];
        for (int row = 0; row < array.size(); row++) {
            int[] all = integers(array.get(row));
            System.arraycopy(all, from, values, row * (to - from), to - from);
        }
        return values;
    }
}
