package org.kolotoc.engine.foreign;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.json.Fields;

/** The folder of a checkpoint in the Hugging Face layout: {@code config.json}, and tensors in one file or in several. */
record ForeignFiles(Path folder) {
    static final String CONFIG = "config.json";
    static final String ONE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int MOST_HEADER = 100_000_000;
    private static final Map<String, Integer> BYTES = Map.ofEntries(
            Map.entry("F64", 8),
            Map.entry("F32", 4),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I64", 8),
            Map.entry("I32", 4),
            Map.entry("I16", 2),
            Map.entry("I8", 1),
            Map.entry("U8", 1),
            Map.entry("BOOL", 1));

    /** The configuration, as maps, lists, numbers, texts and truth values. */
    Map<String, Object> config() {
        return map(fields(CONFIG, "give the folder that holds it").json());
    }

    /**
     * Every tensor, by name.
     *
     * @throws InputError when a file is missing or not as the format says, or an index and its files do not agree
     */
    Map<String, ForeignTensor> tensors() {
        if (Files.exists(folder.resolve(ONE)) || !Files.exists(folder.resolve(INDEX))) {
            return header(ONE);
        }
        Fields map = asked(INDEX, () -> fields(INDEX, "").object("weight_map"));
        Map<String, String> places = new TreeMap<>();
        map.names().forEach(name -> places.put(name, asked(INDEX, () -> map.text(name))));
        Map<String, ForeignTensor> tensors = new TreeMap<>();
        Set<String> faults = new TreeSet<>();
        for (String file : new TreeSet<>(places.values())) {
            if (!folder.resolve(file).normalize().startsWith(folder.normalize())) {
                throw fault(INDEX, "names '" + file + "', which is not in its folder", null);
            }
            header(file).forEach((name, tensor) -> {
                if (file.equals(places.get(name))) {
                    tensors.put(name, tensor);
                } else {
                    faults.add(file + " has '" + name + "', which the index does not place there");
                }
            });
        }
        places.forEach((name, file) -> {
            if (!tensors.containsKey(name)) {
                faults.add(file + " lacks '" + name + "', which the index places there");
            }
        });
        if (!faults.isEmpty()) {
            throw fault(INDEX, "does not fit its files:\n" + String.join("\n", faults), null);
        }
        return tensors;
    }

    private Map<String, ForeignTensor> header(String name) {
        Path file = folder.resolve(name);
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            long size = Files.size(file);
            long length = size < Long.BYTES ? -1 : Long.reverseBytes(in.readLong());
            if (length < 2 || length > MOST_HEADER || length > size - Long.BYTES) {
                throw new IOException("has no header of the format safetensors");
            }
            Fields header = Fields.of(in.readNBytes((int) length));
            Map<String, ForeignTensor> tensors = new TreeMap<>();
            for (String tensor : header.names()) {
                if (!tensor.equals("__metadata__")) {
                    tensors.put(tensor, tensor(file, tensor, header.object(tensor), Long.BYTES + length, size));
                }
            }
            return tensors;
        } catch (IOException | JsonParseException | ArithmeticException e) {
            throw fault(name, Printable.reason(e), e);
        }
    }

    private static ForeignTensor tensor(Path file, String name, Fields entry, long data, long size) throws IOException {
        List<Long> offsets = entry.counts("data_offsets");
        int[] shape = entry.counts("shape").stream().mapToInt(Math::toIntExact).toArray();
        ForeignTensor tensor = new ForeignTensor(file, data + offsets.getFirst(), entry.text("dtype"), shape);
        int width = BYTES.getOrDefault(tensor.type(), 0);
        boolean fits = offsets.size() == 2
                && offsets.get(1) <= size - data
                && (width == 0 || offsets.get(1) - offsets.get(0) == (long) tensor.size() * width);
        if (!fits) {
            throw new IOException("places '" + name + "' at " + offsets + " of " + (size - data)
                    + " bytes, which is not" + " what its shape takes");
        }
        return tensor;
    }

    private Fields fields(String name, String next) {
        try {
            return Fields.read(folder.resolve(name));
        } catch (IOException | JsonParseException e) {
            throw InputError.of(folder.resolve(name) + " can't be read: " + Printable.reason(e), next, e);
        }
    }

    private <T> T asked(String name, Supplier<T> question) {
        try {
            return question.get();
        } catch (JsonParseException e) {
            throw fault(name, e.getMessage(), e);
        }
    }

    private InputError fault(String name, String what, Exception cause) {
        return InputError.of(folder.resolve(name) + ": " + what, "get the checkpoint's files anew", cause);
    }

    private static Map<String, Object> map(JsonObject object) {
        Map<String, Object> map = new LinkedHashMap<>();
        object.asMap().forEach((name, value) -> map.put(name, plain(value)));
        return map;
    }

    private static Object plain(JsonElement value) {
        return switch (value) {
            case JsonObject object -> map(object);
            case JsonArray array ->
                array.asList().stream().map(ForeignFiles::plain).toList();
            case JsonPrimitive text when text.isString() -> text.getAsString();
            case JsonPrimitive flag when flag.isBoolean() -> flag.getAsBoolean();
            case JsonPrimitive number -> number.getAsDouble();
            case JsonNull _ -> null;
            default -> throw new IllegalStateException(value.toString());
        };
    }
}
