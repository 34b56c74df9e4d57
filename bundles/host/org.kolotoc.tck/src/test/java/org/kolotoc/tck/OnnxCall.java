package org.kolotoc.tck;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** One vector: inputs as feeds, attributes, constants. */
final class OnnxCall {
    /** An operator, attribute or type that primitives don't express yet. */
    static final class NotCovered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotCovered(String reason) {
            super(reason, null, false, false);
        }
    }

    final Tracer trace;
    final JsonObject vector;
    private final Map<String, double[]> contents = new HashMap<>();

    OnnxCall(Tracer trace, JsonObject vector) {
        this.trace = trace;
        this.vector = vector;
    }

    String op() {
        return vector.get("op").getAsString();
    }

    int inputs() {
        return vector.getAsJsonArray("inputs").size();
    }

    boolean has(int i) {
        return i < inputs()
                && vector.getAsJsonArray("inputs").get(i).isJsonObject()
                && vector.getAsJsonArray("inputs").get(i).getAsJsonObject().has("dtype");
    }

    double[] content(String name) {
        return contents.get(name);
    }

    /** The description of an input. */
    JsonObject json(int i) {
        return vector.getAsJsonArray("inputs").get(i).getAsJsonObject();
    }

    Tensor x(int i) {
        if (!has(i)) {
            throw new NotCovered("optional input " + i + " left out");
        }
        JsonObject input = json(i);
        DType type = switch (input.get("dtype").getAsString()) {
            case "float32", "float64" -> DType.F32;
            case "int32", "int64" -> DType.I32;
            case "bool" -> DType.BOOL;
            default -> throw new NotCovered("type " + input.get("dtype").getAsString());
        };
        contents.put("x" + i, OnnxVectorsTest.numbers(input.getAsJsonArray("data")));
        return trace.feed("x" + i, type, Shape.of(ints(input.getAsJsonArray("shape"))));
    }

    /** A shape-like input as numbers. */
    int[] constant(int i) {
        return Arrays.stream(OnnxVectorsTest.numbers(json(i).getAsJsonArray("data")))
                .mapToInt(v -> (int) Math.clamp(v, -2e9, 2e9))
                .toArray();
    }

    double scalar(int i) {
        return OnnxVectorsTest.numbers(json(i).getAsJsonArray("data"))[0];
    }

    boolean isInt(int i) {
        return json(i).get("dtype").getAsString().startsWith("int");
    }

    int outputs() {
        return vector.getAsJsonArray("outputs").size();
    }

    int[] outputShape() {
        return ints(vector.getAsJsonArray("outputs").get(0).getAsJsonObject().getAsJsonArray("shape"));
    }

    private JsonElement attribute(String name) {
        return vector.getAsJsonObject("attributes").get(name);
    }

    double number(String name, double otherwise) {
        return attribute(name) == null ? otherwise : attribute(name).getAsDouble();
    }

    int integer(String name, int otherwise) {
        return attribute(name) == null ? otherwise : attribute(name).getAsInt();
    }

    String text(String name, String otherwise) {
        return attribute(name) == null ? otherwise : attribute(name).getAsString();
    }

    int[] integers(String name) {
        return attribute(name) == null ? null : ints(attribute(name).getAsJsonArray());
    }

    void only(String... attributes) {
        for (String name : vector.getAsJsonObject("attributes").keySet()) {
            if (!List.of(attributes).contains(name)) {
                throw new NotCovered("attribute " + name);
            }
        }
    }

    private static int[] ints(JsonArray array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).getAsInt())
                .toArray();
    }
}
