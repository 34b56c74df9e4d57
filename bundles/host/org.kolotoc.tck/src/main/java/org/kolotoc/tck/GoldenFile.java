package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.kolotoc.tensor.Shape;

/**
 * Numbers of another implementation, as {@code reference/<folder>/golden.json} of a data folder has them, and how near one
 * has to come. A tensor is an object with {@code shape} and flat {@code data}.
 */
public final class GoldenFile {
    /** Absolute, perhaps with a relative one; or «within» an absolute one. */
    private static final Pattern TOLERANCE = Pattern.compile(
            "\\|actual - expected\\| <= (\\S+)(?: \\+ (\\S+) \\|expected\\|)?.*|.*\\bwithin (\\S+?)\\.?(?: .*)?");

    /** Of a file that states none: what those of its kind state. */
    private static final String USUAL = "|actual - expected| <= 1e-4";

    private final String folder;
    private final JsonObject json;

    private GoldenFile(String folder) {
        this.folder = folder;
        this.json = object(folder, "golden.json");
    }

    /** The file of a folder; the test is not evaluated where no data folder has it. */
    public static GoldenFile of(String folder) {
        return new GoldenFile(folder);
    }

    /** Another file beside one. */
    public static JsonObject object(String folder, String name) {
        try {
            return JsonParser.parseString(Files.readString(TestData.file("reference/" + folder + "/" + name)))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Float tensors of a file of weights beside it, by name. */
    public static Map<String, float[]> safetensors(String folder, String name) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(TestData.file("reference/" + folder + "/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        ByteBuffer content = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, float[]> tensors = new HashMap<>();
        JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                .getAsJsonObject()
                .asMap()
                .forEach((tensor, entry) -> {
                    if (!tensor.equals("__metadata__")) {
                        JsonArray offsets = entry.getAsJsonObject().getAsJsonArray("data_offsets");
                        int from = offsets.get(0).getAsInt();
                        float[] values = new float[(offsets.get(1).getAsInt() - from) / Float.BYTES];
                        content.slice(from, values.length * Float.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .asFloatBuffer()
                                .get(values);
                        tensors.put(tensor, values);
                    }
                });
        return tensors;
    }

    public JsonObject json() {
        return json;
    }

    /** The named part of {@code cases}. */
    public JsonObject part(String name) {
        return json.getAsJsonObject("cases").getAsJsonObject(name);
    }

    public static Shape shape(JsonElement tensor) {
        return Shape.of(integers(tensor.getAsJsonObject().get("shape")));
    }

    /** All numbers of a tensor, or of an array of arrays, one row after the other. */
    public static double[] numbers(JsonElement tensor) {
        JsonElement data = tensor.isJsonObject() ? tensor.getAsJsonObject().get("data") : tensor;
        return data.getAsJsonArray().asList().stream()
                .flatMapToDouble(element ->
                        Arrays.stream(element.isJsonArray() ? numbers(element) : new double[] {element.getAsDouble()}))
                .toArray();
    }

    public static float[] floats(JsonElement tensor) {
        double[] numbers = numbers(tensor);
        float[] floats = new float[numbers.length];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) numbers[i]);
        return floats;
    }

    public static int[] integers(JsonElement tensor) {
        return Arrays.stream(numbers(tensor)).mapToInt(v -> (int) v).toArray();
    }

    /** Fails where a number is farther from the file's than the file allows. */
    public void assertClose(String what, JsonElement expected, float... actual) {
        double[] numbers = expected.isJsonPrimitive() ? new double[] {expected.getAsDouble()} : numbers(expected);
        String stated = json.has("tolerance") ? json.get("tolerance").getAsString() : USUAL;
        Matcher tolerance = TOLERANCE.matcher(stated);
        if (!tolerance.matches()) {
            throw new IllegalStateException(
                    "reference/" + folder + "/golden.json: tolerance is \"" + stated + "\", expected " + TOLERANCE);
        }
        double absolute = Double.parseDouble(tolerance.group(tolerance.group(3) == null ? 1 : 3));
        double relative = tolerance.group(2) == null ? 0 : Double.parseDouble(tolerance.group(2));
        assertEquals(numbers.length, actual.length, what);
        for (int i = 0; i < numbers.length; i++) {
            if (!(Math.abs(actual[i] - numbers[i]) <= absolute + relative * Math.abs(numbers[i]))) {
                fail(what + ": element " + i + " is " + actual[i] + " instead of " + numbers[i] + " (" + stated + ")");
            }
        }
    }

    /** A case that nothing here computes yet: told as skipped, with the reason. */
    public static DynamicTest notEvaluated(String name, String reason) {
        return DynamicTest.dynamicTest(name, () -> Assumptions.abort("not evaluated: " + name + ": " + reason));
    }
}
