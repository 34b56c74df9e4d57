package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Primitives and functions against the operator vectors of ONNX: another implementation's word for what a softmax or a
 * slice is. Operators that these primitives don't cover yet are counted with the reason.
 */
class OnnxVectorsTest {
    private static final int AT_LEAST = 200;

    @Test
    void whatTheVectorsCoverAgrees() throws IOException {
        Path file = TestData.file("reference/onnx_op_vectors.jsonl.gz");
        int evaluated = 0;
        int all = 0;
        Map<String, Integer> left = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        for (JsonObject vector : read(file)) {
            all++;
            try {
                faults.addAll(compare(vector));
                evaluated++;
            } catch (OnnxCall.NotCovered reason) {
                left.merge(vector.get("op").getAsString() + ": " + reason.getMessage(), 1, Integer::sum);
            } catch (IllegalArgumentException refused) {
                faults.add(vector.get("name").getAsString() + ": " + refused.getMessage());
            }
        }
        System.out.printf("ONNX vectors: %d of %d evaluated; not evaluated:%n", evaluated, all);
        left.forEach((reason, count) -> System.out.printf("  %3d  %s%n", count, reason));
        assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
        assertTrue(evaluated >= AT_LEAST, "only " + evaluated + " vectors were evaluated");
    }

    private static List<JsonObject> read(Path file) throws IOException {
        List<JsonObject> vectors = new ArrayList<>();
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                vectors.add(JsonParser.parseString(line).getAsJsonObject());
            }
        }
        return vectors;
    }

    private static List<String> compare(JsonObject vector) {
        Tracer trace = new Tracer();
        OnnxCall call = new OnnxCall(trace, vector);
        List<Tensor> results = OnnxOperators.apply(call);
        for (int i = 0; i < results.size(); i++) {
            trace.output("y" + i, results.get(i));
        }
        ReferenceBackend backend = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        Map<String, Buffer> buffers = new HashMap<>();
        trace.program().inputs().forEach((name, leaf) -> {
            Buffer buffer = backend.allocate(leaf.dtype(), leaf.shape());
            double[] content = call.content(name);
            System.arraycopy(content, 0, ReferenceBackend.elements(buffer), 0, content.length);
            buffers.put(name, buffer);
        });
        trace.program()
                .outputs()
                .forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
        backend.compile(trace.program()).bind(buffers).run();
        List<String> faults = new ArrayList<>();
        JsonArray outputs = vector.getAsJsonArray("outputs");
        for (int i = 0; i < results.size(); i++) {
            double[] expected = numbers(outputs.get(i).getAsJsonObject().getAsJsonArray("data"));
            double[] actual = ReferenceBackend.elements(buffers.get("y" + i));
            String fault = difference(expected, actual);
            if (!fault.isEmpty()) {
                faults.add(vector.get("name").getAsString() + " output " + i + ": " + fault);
            }
        }
        return faults;
    }

    private static String difference(double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            return actual.length + " elements instead of " + expected.length;
        }
        for (int i = 0; i < expected.length; i++) {
            boolean same = Double.compare(expected[i], actual[i]) == 0
                    || Math.abs(expected[i] - actual[i]) <= 2e-5 * Math.max(1, Math.abs(expected[i]));
            if (!same) {
                return "element " + i + " is " + actual[i] + " instead of " + expected[i];
            }
        }
        return "";
    }

    static double[] numbers(JsonArray data) {
        double[] numbers = new double[data.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(data.get(i));
        }
        return numbers;
    }

    private static double number(JsonElement element) {
        String text = element.getAsString();
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "true" -> 1;
            case "false" -> 0;
            default -> Double.parseDouble(text);
        };
    }

    /** The comparison itself must be able to fail. */
    @Test
    void aWrongNumberIsNoticed() {
        assertEquals("", difference(new double[] {1, Double.NaN}, new double[] {1, Double.NaN}));
        assertTrue(difference(new double[] {1, 2}, new double[] {1, 2.001}).contains("element 1"));
        assertTrue(difference(new double[] {1}, new double[] {Double.NaN}).contains("element 0"));
    }
}
