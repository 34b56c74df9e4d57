package org.kolotoc.engine.foreign;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tiny GPT-2 in a folder, as another library stores it. */
record ForeignGpt2(Path folder, int vocab) {
    static final int WIDTH = 8;
    private static final String ONE = "model.safetensors";

    /** Writes the configuration. */
    ForeignGpt2 {
        try {
            Files.writeString(Files.createDirectories(folder).resolve("config.json"), """
                {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 1, "n_head": 2, "n_embd": 8,
                 "n_positions": 8, "n_inner": null, "vocab_size": %d, "activation_function": "gelu_new"}
                """.formatted(vocab));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tensor to be written: numbers that every type holds exactly. */
    record Tensor(String type, int... shape) {
        float[] values() {
            float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (i % 15 - 7) / 64f;
            }
            return values;
        }

        byte[] bytes() {
            ByteBuffer bytes = ByteBuffer.allocate(4 * values().length).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values()) {
                switch (type) {
                    case "F32" -> bytes.putFloat(value);
                    case "F16" -> bytes.putShort(Float.floatToFloat16(value));
                    case "BF16" -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                    default -> bytes.put((byte) 0);
                }
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("transformer.wte.weight", new Tensor("F16", vocab, WIDTH));
        tensors.put("transformer.wpe.weight", new Tensor("BF16", 8, WIDTH));
        for (String norm : List.of("h.0.ln_1", "h.0.ln_2", "ln_f")) {
            tensors.put("transformer." + norm + ".weight", new Tensor("F32", WIDTH));
            tensors.put("transformer." + norm + ".bias", new Tensor("F32", WIDTH));
        }
        linear(tensors, "attn.c_attn", WIDTH, 3 * WIDTH);
        linear(tensors, "attn.c_proj", WIDTH, WIDTH);
        linear(tensors, "mlp.c_fc", WIDTH, 4 * WIDTH);
        linear(tensors, "mlp.c_proj", 4 * WIDTH, WIDTH);
        // A causal mask, which old files have.
        tensors.put("transformer.h.0.attn.bias", new Tensor("U8", 1, 1, 8, 8));
        return tensors;
    }

    private static void linear(Map<String, Tensor> tensors, String name, int in, int out) {
        tensors.put("transformer.h.0." + name + ".weight", new Tensor("F32", in, out));
        tensors.put("transformer.h.0." + name + ".bias", new Tensor("F32", out));
    }

    void write(String file, Map<String, Tensor> tensors) throws IOException {
        JsonObject header = new JsonObject();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        header.add("__metadata__", JsonParser.parseString("{\"format\": \"pt\"}"));
        tensors.forEach((name, tensor) -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", tensor.type());
            JsonArray shape = new JsonArray();
            Arrays.stream(tensor.shape()).forEach(shape::add);
            entry.add("shape", shape);
            JsonArray offsets = new JsonArray();
            offsets.add(data.size());
            byte[] bytes = tensor.bytes();
            data.writeBytes(tensor.type().startsWith("U") ? Arrays.copyOf(bytes, tensor.values().length) : bytes);
            offsets.add(data.size());
            entry.add("data_offsets", offsets);
            header.add(name, entry);
        });
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .array());
        all.writeBytes(text);
        data.writeTo(all);
        Files.write(folder.resolve(file), all.toByteArray());
    }

    /** Writes all tensors to one file. */
    void write() throws IOException {
        write(ONE, tensors());
    }

    /** Changes an element of a tensor in the one file. */
    void set(String name, int index, float value) throws IOException {
        byte[] all = Files.readAllBytes(folder.resolve(ONE));
        ByteBuffer file = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int data = Long.BYTES + Math.toIntExact(file.getLong(0));
        JsonObject entry = JsonParser.parseString(
                        new String(all, Long.BYTES, data - Long.BYTES, StandardCharsets.UTF_8))
                .getAsJsonObject()
                .getAsJsonObject(name);
        int at = data + entry.getAsJsonArray("data_offsets").get(0).getAsInt();
        switch (entry.get("dtype").getAsString()) {
            case "F32" -> file.putFloat(at + 4 * index, value);
            case "F16" -> file.putShort(at + 2 * index, Float.floatToFloat16(value));
            default -> file.putShort(at + 2 * index, (short) (Float.floatToRawIntBits(value) >>> 16));
        }
        Files.write(folder.resolve(ONE), all);
    }
}
