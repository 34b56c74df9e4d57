package org.kolotoc.tck.onnx;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * One node of an operator with what goes in and what has to come out, by slot; optional ones that are left out leave a gap.
 *
 * @param attributes as they stand in the file
 */
public record OnnxVector(
        String name, String op, JsonObject attributes, Map<Integer, Value> inputs, Map<Integer, Value> outputs) {
    /**
     * A tensor of a vector.
     *
     * @param dtype ONNX's word for the type of an element
     * @param data row-major
     */
    public record Value(String name, String dtype, Shape shape, double[] data) {
        static Value of(JsonObject json) {
            int[] extents = json.getAsJsonArray("shape").asList().stream()
                    .mapToInt(JsonElement::getAsInt)
                    .toArray();
            return new Value(
                    json.get("name").getAsString(),
                    json.get("dtype").getAsString(),
                    Shape.of(extents),
                    numbers(json.getAsJsonArray("data")));
        }

        /** The type it has here: 64 bits become 32. */
        public DType type() throws NotCovered {
            DType type = switch (dtype) {
                case "float32", "float64" -> DType.F32;
                case "int32", "int64" -> DType.I32;
                case "bool" -> DType.BOOL;
                default -> throw new NotCovered("type " + dtype);
            };
            for (double number : data) {
                if (type == DType.I32 && !type.has(number)) {
                    throw new NotCovered("numbers of more than 32 bits");
                }
            }
            return type;
        }
    }

    /** The vectors of a file: gzipped, a JSON object a line. */
    public static List<OnnxVector> read(Path file) throws IOException {
        List<OnnxVector> vectors = new ArrayList<>();
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                vectors.add(new OnnxVector(
                        json.get("name").getAsString(),
                        json.get("op").getAsString(),
                        json.getAsJsonObject("attributes"),
                        values(json.getAsJsonArray("inputs")),
                        values(json.getAsJsonArray("outputs"))));
            }
        }
        return vectors;
    }

    /**
     * Traces the operator; input {@code i} becomes a feed {@code x<i>}.
     *
     * @return every output of the vector, by slot
     * @throws NotCovered when an output, or what the vector asks for, is not expressed
     */
    public Map<Integer, Tensor> trace(Tracer tracer) throws NotCovered {
        Call call = new Call(tracer, this);
        List<Tensor> results = Operators.of(op).apply(call);
        call.everythingWasRead();
        Map<Integer, Tensor> traced = new TreeMap<>();
        for (Map.Entry<Integer, Value> output : outputs.entrySet()) {
            int slot = output.getKey();
            output.getValue().type();
            if (slot >= results.size() || results.get(slot) == null) {
                throw new NotCovered("output " + output.getValue().name());
            }
            traced.put(slot, results.get(slot));
        }
        return traced;
    }

    private static Map<Integer, Value> values(JsonArray array) {
        Map<Integer, Value> values = new TreeMap<>();
        for (JsonElement element : array) {
            JsonObject json = element.getAsJsonObject();
            values.put(json.get("slot").getAsInt(), Value.of(json));
        }
        return values;
    }

    private static double[] numbers(JsonArray data) {
        double[] numbers = new double[data.size()];
        for (int i = 0; i < numbers.length; i++) {
            String text = data.get(i).getAsString();
            numbers[i] = switch (text) {
                case "nan" -> Double.NaN;
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "true" -> 1;
                case "false" -> 0;
                default -> Double.parseDouble(text);
            };
        }
        return numbers;
    }
}
