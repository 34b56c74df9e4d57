package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told of a checkpoint that becomes a run. */
final class ImportCommandTest {
    private static final String[] TENSORS = {
        "wte.weight 3 2",
        "wpe.weight 4 2",
        "ln_f.weight 2",
        "ln_f.bias 2",
        "h.0.ln_1.weight 2",
        "h.0.ln_1.bias 2",
        "h.0.ln_2.weight 2",
        "h.0.ln_2.bias 2",
        "h.0.attn.c_attn.weight 2 6",
        "h.0.attn.c_attn.bias 6",
        "h.0.attn.c_proj.weight 2 2",
        "h.0.attn.c_proj.bias 2",
        "h.0.mlp.c_fc.weight 2 8",
        "h.0.mlp.c_fc.bias 8",
        "h.0.mlp.c_proj.weight 8 2",
        "h.0.mlp.c_proj.bias 2",
        "lm_head.weight 3 2"
    };

    @TempDir
    Path folder;

    private final FakeHost host = FakeHost.standard();

    private Printed imported(String... more) {
        String[] line = new String[more.length + 3];
        line[0] = folder.toString();
        line[1] = "--out";
        line[2] = folder.resolve("run").toString();
        System.arraycopy(more, 0, line, 3, more.length);
        return Printed.by(new ImportCommand(host.engine(), host.terminal(), () -> false), line);
    }

    private void checkpoint() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
            {"model_type": "gpt2", "n_layer": 1, "n_head": 1, "n_embd": 2, "n_positions": 4, "vocab_size": 3}
            """);
        JsonObject header = new JsonObject();
        int at = 0;
        for (String tensor : TENSORS) {
            String[] parts = tensor.split(" ");
            int size = 4;
            for (int axis = 1; axis < parts.length; axis++) {
                size *= Integer.parseInt(parts[axis]);
            }
            String shape = tensor.substring(parts[0].length() + 1).replace(' ', ',');
            header.add(
                    parts[0],
                    JsonParser.parseString("{\"dtype\": \"F32\", \"shape\": [" + shape + "], \"data_offsets\": [" + at
                            + ", " + (at + size) + "]}"));
            at += size;
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .array());
        file.writeBytes(text);
        file.writeBytes(new byte[at]);
        Files.write(folder.resolve("model.safetensors"), file.toByteArray());
    }

    @Test
    void itSaysWhatWasReadAndWhatWasLeftOut() throws IOException {
        checkpoint();
        Printed printed = imported();
        assertEquals(0, printed.code(), printed.err());
        assertEquals(
                folder.resolve("run") + ": a gpt2 of 92 parameters, read by the model family gpt\n"
                        + "it has no tokenizer that is known here: it writes no text (tokenizer.json, or vocab.json and"
                        + " merges.txt)\n"
                        + "left out: lm_head.weight, which nothing here is computed from\n",
                printed.out());
        assertEquals(2, imported().code(), "the folder is not empty any more");
    }

    @Test
    void jsonHasTheSame() throws IOException {
        checkpoint();
        JsonObject json = JsonParser.parseString(imported("--json").out()).getAsJsonObject();
        assertEquals(92, json.get("parameters").getAsLong());
        assertEquals("", json.get("tokenizer").getAsString());
        assertEquals("lm_head.weight", json.getAsJsonArray("leftOut").get(0).getAsString());
    }

    @Test
    void aFolderThatHoldsNoneIsBadInput() {
        Printed printed = imported();
        assertEquals(2, printed.code());
        assertTrue(printed.err().contains("config.json can't be read"), printed.err());
    }
}
