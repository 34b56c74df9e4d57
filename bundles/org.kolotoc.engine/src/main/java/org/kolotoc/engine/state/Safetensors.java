package org.kolotoc.engine.state;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.tensor.DType;

/**
 * The safetensors format: 8 bytes with the length of a JSON header, the header (type, shape and place of each tensor),
 * then all elements. Read and written strictly: every offset is checked, tensors follow each other without gaps.
 */
final class Safetensors {
    private static final String METADATA = "__metadata__";

    /** Before the name of a tensor of truth values in the metadata: our buffers hold them as 32-bit integers. */
    private static final String TRUTH = "bool:";

    private static final long MOST_HEADER = 100_000_000;

    private Safetensors() {}

    static void write(Map<String, Snapshot.Entry> tensors, OutputStream out) throws IOException {
        JsonObject header = new JsonObject();
        JsonObject metadata = new JsonObject();
        long at = 0;
        for (Map.Entry<String, Snapshot.Entry> tensor : tensors.entrySet()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", tensor.getValue().dtype() == DType.F32 ? "F32" : "I32");
            if (tensor.getValue().dtype() == DType.BOOL) {
                metadata.addProperty(TRUTH + tensor.getKey(), "true");
            }
            JsonArray shape = new JsonArray();
            Arrays.stream(tensor.getValue().shape()).forEach(shape::add);
            entry.add("shape", shape);
            JsonArray offsets = new JsonArray();
            offsets.add(at);
            at += tensor.getValue().bytes();
            offsets.add(at);
            entry.add("data_offsets", offsets);
            header.add(tensor.getKey(), entry);
        }
        if (!metadata.isEmpty()) {
            header.add(METADATA, metadata);
        }
        // Padded with spaces so that the elements begin at a multiple of 8.
        StringBuilder text = new StringBuilder(header.toString());
        while (text.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
            text.append(' ');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .array());
        out.write(bytes);
        for (Snapshot.Entry tensor : tensors.values()) {
            tensor.read((_, part) -> out.write(part.array(), 0, part.limit()));
        }
    }

    /**
     * Reads a file's header; the tensors are read when they are asked for.
     *
     * @throws IOException saying what is wrong with it
     */
    static Map<String, Snapshot.Entry> read(Path file) throws IOException {
        long size = Files.size(file);
        if (size < 8) {
            throw new IOException("has " + size + " bytes; the length of the header alone takes 8");
        }
        long length;
        JsonObject header;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            length = Long.reverseBytes(in.readLong());
            if (length < 2 || length > MOST_HEADER || length > size - 8) {
                throw new IOException("says its header has " + length + " bytes, but " + (size - 8) + " follow");
            }
            header = JsonParser.parseString(new String(in.readNBytes((int) length), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException("has a header that is no JSON object", e);
        }
        long data = 8 + length;
        Map<String, Snapshot.Entry> tensors = new TreeMap<>();
        for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
            if (!entry.getKey().equals(METADATA)) {
                Snapshot.Stored tensor = tensor(entry.getKey(), entry.getValue(), file, data, size - data);
                boolean truth = header.get(METADATA) instanceof JsonObject about && about.has(TRUTH + entry.getKey());
                tensors.put(
                        entry.getKey(),
                        truth ? new Snapshot.Stored(file, tensor.at(), DType.BOOL, tensor.shape()) : tensor);
            }
        }
        return tensors;
    }

    private static Snapshot.Stored tensor(String name, JsonElement entry, Path file, long data, long most)
            throws IOException {
        try {
            JsonObject object = entry.getAsJsonObject();
            String type = object.get("dtype").getAsString();
            if (!type.equals("F32") && !type.equals("I32")) {
                throw new IOException("holds '" + name + "' of type " + type + "; expected F32 or I32");
            }
            int[] shape = object.getAsJsonArray("shape").asList().stream()
                    .mapToInt(JsonElement::getAsInt)
                    .toArray();
            long from = object.getAsJsonArray("data_offsets").get(0).getAsLong();
            long to = object.getAsJsonArray("data_offsets").get(1).getAsLong();
            long size = Arrays.stream(shape).asLongStream().reduce(DType.BYTES, (a, b) -> a * b);
            if (from < 0 || to - from != size || to > most) {
                throw new IOException(
                        "places '" + name + "' of " + size + " bytes at " + from + " to " + to + " of " + most);
            }
            return new Snapshot.Stored(file, data + from, type.equals("F32") ? DType.F32 : DType.I32, shape);
        } catch (IllegalStateException
                | NullPointerException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw new IOException("describes '" + name + "' without dtype, shape and data_offsets", e);
        }
    }
}
