package org.kolotoc.engine.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.folder.RunFolder;
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
    @TempDir
    Path temporary;

    private Console console;
    private Path folder;
    private int vocab;
    private ForeignGpt2 gpt2;

    @BeforeEach
    void checkpoint() throws IOException {
        console = new Console(temporary);
        assertEquals(0, console.small("first", "--set", "phases.0.steps=1").code());
        vocab = new Checkpoints(console.out("first"))
                .read(Optional.empty())
                .dimensions()
                .orElseThrow()
                .get("vocab");
        folder = temporary.resolve("foreign");
        gpt2 = new ForeignGpt2(folder, vocab);
    }

    private Imported imported() throws IOException {
        return imported(() -> false);
    }

    private Imported imported(BooleanSupplier stop) throws IOException {
        return new Engine(console.framework().context()).importing(folder, Optional.of(console.out("imported")), stop);
    }

    @Test
    void whoIsStoppedLeavesNothing() throws IOException {
        gpt2.write();
        assertThrows(Stopped.class, () -> imported(() -> true));
        assertFalse(Files.exists(console.out("imported")));
        Files.createDirectory(console.out("imported"));
        Path begun = console.out("imported").resolve(RunFolder.EXPERIMENT);
        assertThrows(Stopped.class, () -> imported(() -> Files.exists(begun)));
        assertEquals(List.of(), Listing.of(console.out("imported")));
        assertEquals("gpt", imported().family());
    }

    @Test
    void filesThatAnIndexNamesBecomeARunThatAnotherBeginsWith() throws IOException {
        Map<String, ForeignGpt2.Tensor> first = gpt2.tensors();
        Map<String, ForeignGpt2.Tensor> second = new LinkedHashMap<>();
        for (String name : List.of("transformer.wpe.weight", "transformer.h.0.mlp.c_fc.weight")) {
            second.put(name, first.remove(name));
        }
        gpt2.write("model-1.safetensors", first);
        gpt2.write("model-2.safetensors", second);
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
        assertArrayEquals(
                new ForeignGpt2.Tensor("F16", vocab, ForeignGpt2.WIDTH).values(), elements(model.get("token.weight")));
        assertArrayEquals(
                new ForeignGpt2.Tensor("BF16", 8, ForeignGpt2.WIDTH).values(), elements(model.get("position.weight")));
        assertArrayEquals(new ForeignGpt2.Tensor("F32", 8, 32).values(), elements(model.get("block0.mlp.up.weight")));

        Console.Answer run = console.small(
                "second",
                "--set",
                "phases.0.steps=1",
                "--set",
                "start={\"model\": {\"run\": \"" + imported.folder() + "\"}}");
        assertEquals(0, run.code(), run.err());
        float[] began = new ForeignGpt2.Tensor("F32", 8, 32).values();
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
        vocab += 5;
        new ForeignGpt2(folder, vocab).write();
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
        assertTrue(run.err().contains("import it with its tokenizer beside it"), run.err());
    }

    @Test
    void tensorsThatDoNotFitAreListedAllAtOnceAndNothingIsWritten() throws IOException {
        Map<String, ForeignGpt2.Tensor> tensors = gpt2.tensors();
        tensors.remove("transformer.ln_f.bias");
        tensors.put("transformer.ln_f.bais", new ForeignGpt2.Tensor("F32", ForeignGpt2.WIDTH));
        tensors.put("transformer.wpe.weight", new ForeignGpt2.Tensor("F32", 9, ForeignGpt2.WIDTH));
        tensors.put("transformer.h.0.ln_1.bias", new ForeignGpt2.Tensor("U8", ForeignGpt2.WIDTH));
        tensors.put("transformer.h.1.ln_1.bias", new ForeignGpt2.Tensor("F32", ForeignGpt2.WIDTH));
        gpt2.write("model.safetensors", tensors);
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

    /** A half of a file, or one that its own training ruined. */
    @Test
    void weightsThatAreNoFiniteNumbersAreListedAllAtOnceAndNothingIsWritten() throws IOException {
        gpt2.write();
        gpt2.set("transformer.wte.weight", 11, Float.POSITIVE_INFINITY);
        gpt2.set("transformer.wpe.weight", 63, Float.NaN);
        gpt2.set("transformer.h.0.mlp.c_fc.weight", 70, Float.NEGATIVE_INFINITY);
        gpt2.set("transformer.h.0.mlp.c_fc.weight", 71, Float.NaN);
        InputError error = assertThrows(InputError.class, this::imported);
        for (String expected : List.of(
                "the tensors of " + folder + " are not all finite numbers",
                "model.safetensors has 'transformer.wte.weight', which is first Infinity at [1, 3]",
                "model.safetensors has 'transformer.wpe.weight', which is first NaN at [7, 7]",
                "model.safetensors has 'transformer.h.0.mlp.c_fc.weight', which is first -Infinity at [2, 6]")) {
            assertTrue(error.getMessage().contains(expected), error.getMessage());
        }
        assertFalse(Files.exists(console.out("imported")));
    }

    /** Before anything is made of them: so many blocks would take hours and all memory. */
    @ParameterizedTest
    @CsvSource({
        "n_layer, 1, 2147483647, the model.layers: is 2147483647",
        "n_head, 2, 4000, \"n_head\" is 4000",
        "n_embd, 8, 2147483644, the model.width: is 2147483644",
        "n_positions, 8, 2147483647, the model.context: is 2147483647",
        "vocab_size, %d, 2000000000, a model of these sizes can't be",
    })
    void sizesThatNoModelHasAreRefused(String field, String was, String value, String expected) throws IOException {
        gpt2.write();
        Path config = folder.resolve("config.json");
        String old = "\"" + field + "\": " + was.formatted(vocab);
        String text = Files.readString(config);
        assertTrue(text.contains(old), text);
        Files.writeString(config, text.replace(old, "\"" + field + "\": " + value));
        String message = assertThrows(InputError.class, this::imported).getMessage();
        assertTrue(message.startsWith(config.toString()) && message.contains(expected), message);
        assertFalse(Files.exists(console.out("imported")));
    }

    @Test
    void whatIsNoCheckpointIsSaidToBeNone() throws IOException {
        assertTrue(assertThrows(InputError.class, this::imported).getMessage().contains("model.safetensors"));
        Files.writeString(folder.resolve("model.safetensors"), "not at all tensors");
        assertTrue(assertThrows(InputError.class, this::imported).getMessage().contains("no header"));
        gpt2.write();
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
