package org.kolotoc.engine.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.run.Console;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** A GPT-2 as another library stores it becomes a run that others begin with. */
class ImportedTest {
    private static final int WIDTH = 8;

    @TempDir
    Path temporary;

    private Console console;
    private Path folder;
    private int vocab;

    /** A tensor to be written: numbers that every type holds exactly. */
    private record Tensor(String type, int... shape) {
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

    @BeforeEach
    void checkpoint() throws IOException {
        console = new Console(temporary);
        assertEquals(0, console.small("first", "--set", "phases.0.steps=1").code());
        vocab = new Checkpoints(console.out("first"))
                .read(Optional.empty())
                .dimensions()
                .orElseThrow()
                .get("vocab");
        folder = Files.createDirectories(temporary.resolve("foreign"));
        Files.writeString(folder.resolve("config.json"), """
            {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 1, "n_head": 2, "n_embd": 8,
             "n_positions": 8, "n_inner": null, "vocab_size": %d, "activation_function": "gelu_new"}
            """.formatted(vocab));
    }

    private Map<String, Tensor> tensors() {
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

    private void write(String file, Map<String, Tensor> tensors) throws IOException {
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

    private Imported imported() throws IOException {
        return imported(() -> false);
    }

    private Imported imported(BooleanSupplier stop) throws IOException {
        return new Engine(console.framework().context()).importing(folder, Optional.of(console.out("imported")), stop);
    }

    @Test
    void whoIsStoppedLeavesNothing() throws IOException {
        write("model.safetensors", tensors());
        assertThrows(Stopped.class, () -> imported(() -> true));
        assertFalse(Files.exists(console.out("imported")));
        Files.createDirectory(console.out("imported"));
        AtomicInteger asked = new AtomicInteger();
        assertThrows(Stopped.class, () -> imported(() -> asked.getAndIncrement() > 2));
        assertEquals(List.of(), Listing.of(console.out("imported")));
        assertEquals("gpt", imported().family());
    }

    @Test
    void filesThatAnIndexNamesBecomeARunThatAnotherBeginsWith() throws IOException {
        Map<String, Tensor> first = tensors();
        Map<String, Tensor> second = new LinkedHashMap<>();
        for (String name : List.of("transformer.wpe.weight", "transformer.h.0.mlp.c_fc.weight")) {
            second.put(name, first.remove(name));
        }
        write("model-1.safetensors", first);
        write("model-2.safetensors", second);
        JsonObject places = new JsonObject();
        first.keySet().forEach(name -> places.addProperty(name, "model-1.safetensors"));
        second.keySet().forEach(name -> places.addProperty(name, "model-2.safetensors"));
        JsonObject index = new JsonObject();
        index.add("weight_map", places);
        Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());

        Imported imported = imported();
        assertEquals("gpt", imported.family());
        assertEquals(List.of("transformer.h.0.attn.bias"), imported.leftOut());
        assertEquals(12 * 64 + 13 * 8 + (vocab + 8) * 8 + 16, imported.parameters());
        Map<String, Snapshot.Entry> model = new Checkpoints(imported.folder())
                .read(Optional.empty())
                .snapshot()
                .of("model");
        assertArrayEquals(new Tensor("F16", vocab, WIDTH).values(), elements(model.get("token.weight")));
        assertArrayEquals(new Tensor("BF16", 8, WIDTH).values(), elements(model.get("position.weight")));
        assertArrayEquals(new Tensor("F32", 8, 32).values(), elements(model.get("block0.mlp.up.weight")));

        Console.Answer run = console.small(
                "second",
                "--set",
                "phases.0.steps=1",
                "--set",
                "start={\"model\": {\"run\": \"" + imported.folder() + "\"}}");
        assertEquals(0, run.code(), run.err());
        float[] began = new Tensor("F32", 8, 32).values();
        float[] went = elements(new Checkpoints(console.out("second"))
                .read(Optional.empty())
                .snapshot()
                .of("model")
                .get("block0.mlp.up.weight"));
        assertArrayEquals(began, went, 0.02f);
    }

    private static float[] elements(Snapshot.Entry entry) throws IOException {
        try (Buffer buffer = new ReferenceBackend().allocate(DType.F32, Shape.of(entry.shape()))) {
            entry.write(buffer);
            float[] values = new float[buffer.shape().size()];
            buffer.read(values);
            return values;
        }
    }

    @Test
    void weightsOfMoreTokensThanTheTokenizerHasAreNoBeginningAndThatIsSaid() throws IOException {
        Path config = folder.resolve("config.json");
        vocab += 5;
        Files.writeString(
                config, Files.readString(config).replaceAll("\"vocab_size\": \\d+", "\"vocab_size\": " + vocab));
        write("model.safetensors", tensors());
        Console.Answer run = console.small(
                "second",
                "--set",
                "phases.0.steps=1",
                "--set",
                "start={\"model\": {\"run\": \"" + imported().folder() + "\"}}");
        assertEquals(2, run.code(), run.err());
        assertTrue(
                run.err().contains("it knows " + vocab + " tokens, and the tokenizer here has " + (vocab - 5)),
                run.err());
    }

    @Test
    void tensorsThatDoNotFitAreListedAllAtOnceAndNothingIsWritten() throws IOException {
        Map<String, Tensor> tensors = tensors();
        tensors.remove("transformer.ln_f.bias");
        tensors.put("transformer.ln_f.bais", new Tensor("F32", WIDTH));
        tensors.put("transformer.wpe.weight", new Tensor("F32", 9, WIDTH));
        tensors.put("transformer.h.0.ln_1.bias", new Tensor("U8", WIDTH));
        tensors.put("transformer.h.1.ln_1.bias", new Tensor("F32", WIDTH));
        write("model.safetensors", tensors);
        String message = assertThrows(InputError.class, this::imported).getMessage();
        for (String expected : List.of(
                "'transformer.ln_f.bias' [8] is missing, which 'norm.bias' is made of",
                "transformer.ln_f.bais",
                "'transformer.wpe.weight' has shape [9, 8]; expected [8, 8]",
                "'transformer.h.0.ln_1.bias' is of type U8; expected F32, F16, BF16",
                "'transformer.h.1.ln_1.bias' [8] is left over")) {
            assertTrue(message.contains(expected), message);
        }
        assertFalse(Files.exists(console.out("imported")));
    }

    @Test
    void whatIsNoCheckpointIsSaidToBeNone() throws IOException {
        assertTrue(assertThrows(InputError.class, this::imported).getMessage().contains("model.safetensors"));
        Files.writeString(folder.resolve("model.safetensors"), "not at all tensors");
        assertTrue(assertThrows(InputError.class, this::imported).getMessage().contains("no header"));
        write("model.safetensors", tensors());
        byte[] whole = Files.readAllBytes(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("model.safetensors"), Arrays.copyOf(whole, whole.length - 9));
        assertTrue(assertThrows(InputError.class, this::imported).getMessage().contains("places 'transformer"));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"gpt3\"}");
        String unknown = assertThrows(InputError.class, this::imported).getMessage();
        assertTrue(unknown.contains("\"model_type\" is \"gpt3\"") && unknown.contains("gpt2, llama"), unknown);
        Files.delete(folder.resolve("config.json"));
        assertTrue(assertThrows(InputError.class, this::imported).getMessage().contains("config.json can't be read"));
    }
}
