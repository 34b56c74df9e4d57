package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.nn.Rotary;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Functions of tensors, and their gradients, beside another library's. Here rather than in the bundle that has them, which
 * lies below the suites and can't use them.
 */
class LayerGoldensTest {
    /** What a golden's operation is here, of its inputs by name: the outputs by theirs, or one, {@code y}. */
    private static final Map<String, Function<Call, Map<String, Tensor>>> SEVERAL =
            Map.of("gru", RecurrentGoldens::gru, "lstm", RecurrentGoldens::lstm);

    private static final Map<String, Function<Call, Tensor>> ROWS = Map.ofEntries(
            Map.entry("silu", c -> Functions.silu(c.x("x"))),
            Map.entry("gelu", c -> Functions.geluExact(c.x("x"))),
            Map.entry("gelu_tanh", c -> Functions.gelu(c.x("x"))),
            Map.entry("softplus", c -> Functions.softplus(c.x("x"))),
            Map.entry("log_sigmoid", c -> Functions.softplus(c.x("x").neg()).neg()),
            Map.entry("hinge", c -> Functions.relu(c.x("x").neg().add(1))),
            Map.entry("leaky_relu_02", c -> Functions.leakyRelu(c.x("x"), 0.2)),
            Map.entry("rms_norm", c -> Functions.rmsNorm(c.x("x"), c.x("weight"), c.number("eps"))),
            Map.entry(
                    "swiglu",
                    c -> Functions.silu(c.x("x").matmul(c.x("gate")))
                            .mul(c.x("x").matmul(c.x("up")))
                            .matmul(c.x("down"))),
            Map.entry("rotary", LayerGoldensTest::rotary),
            Map.entry("group_norm", ImageGoldens::groups),
            Map.entry("instance_norm", ImageGoldens::instance),
            Map.entry("batch_norm", BatchNormGoldens::layer),
            Map.entry("conv2d", ImageGoldens::convolution),
            Map.entry("conv_transpose2d", ImageGoldens::transposed),
            Map.entry("max_pool2d", ImageGoldens::maximum),
            Map.entry("avg_pool2d", ImageGoldens::average),
            Map.entry("resize_nearest", ImageGoldens::nearest),
            Map.entry("resize_bilinear", ImageGoldens::bilinear),
            Map.entry("mean over height and width", c -> Functions.mean(c.x("x"), 2, 3)));

    private static Tensor rotary(Call call) {
        Tensor x = call.x("x");
        int width = x.shape().extent(3);
        boolean interleaved = !call.attributes().get("layout").getAsString().contains("d/2");
        Tensor positions = x.tracer().iota(Shape.of(x.shape().extent(2)), 0).add((int) call.number("first_position"));
        return new Rotary(width, call.number("base"), interleaved).apply(x, positions);
    }

    record Call(Map<String, Tensor> inputs, JsonObject attributes) {
        Tensor x(String name) {
            return inputs.get(name);
        }

        double number(String attribute) {
            return attributes.get(attribute).getAsDouble();
        }

        /** A number for the height and one for the width; one for both where there is but one. */
        int[] pair(String attribute) {
            JsonElement given = attributes.get(attribute);
            return given.isJsonArray()
                    ? given.getAsJsonArray().asList().stream()
                            .mapToInt(JsonElement::getAsInt)
                            .toArray()
                    : new int[] {given.getAsInt(), given.getAsInt()};
        }
    }

    @TestFactory
    Stream<DynamicTest> layersAndTheirGradients() {
        GoldenFile golden = GoldenFile.of("nn");
        Stream<DynamicTest> cases = StreamSupport.stream(
                        golden.json().getAsJsonArray("cases").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(one -> test(golden, one));
        return Stream.concat(
                cases,
                Stream.of(DynamicTest.dynamicTest("batch_norm_running", () -> BatchNormGoldens.running(golden))));
    }

    private static DynamicTest test(GoldenFile golden, JsonObject one) {
        String name = one.get("name").getAsString();
        String operation = one.get("op").getAsString();
        Function<Call, Map<String, Tensor>> row = ROWS.containsKey(operation)
                ? call -> Map.of("y", ROWS.get(operation).apply(call))
                : SEVERAL.get(operation);
        return row == null
                ? GoldenFile.notEvaluated(name, "no function or layer " + operation)
                : DynamicTest.dynamicTest(name, () -> compare(golden, one, row));
    }

    private static void compare(GoldenFile golden, JsonObject one, Function<Call, Map<String, Tensor>> row) {
        Map<String, JsonElement> inputs = one.getAsJsonObject("inputs").asMap();
        JsonObject gradients = one.getAsJsonObject("gradients");
        List<String> names = List.copyOf(inputs.keySet());
        Map<String, JsonElement> upstream = one.getAsJsonObject("upstream").asMap();
        Map<String, JsonElement> expected = one.getAsJsonObject("outputs").asMap();
        Case test = Case.of(one.get("name").getAsString(), tracer -> {
            Map<String, Tensor> feeds = new HashMap<>();
            inputs.forEach((name, x) -> feeds.put(name, tracer.feed(name, DType.F32, GoldenFile.shape(x))));
            Map<String, Tensor> outputs = row.apply(new Call(feeds, one.getAsJsonObject("attributes")));
            assertEquals(expected.keySet(), outputs.keySet());
            Tensor weighted = tracer.constant(0);
            for (String name : expected.keySet()) {
                Tensor output = outputs.get(name);
                Shape shape = GoldenFile.shape(expected.get(name));
                assertEquals(shape, output.shape());
                weighted = weighted.add(output.mul(tracer.feed("upstream " + name, DType.F32, shape))
                        .sum());
                tracer.output("output " + name, output);
            }
            List<Tensor> derivatives =
                    Gradients.of(weighted, names.stream().map(feeds::get).toList());
            for (int i = 0; i < names.size(); i++) {
                tracer.output("gradient " + names.get(i), derivatives.get(i));
            }
        });
        Map<String, JsonElement> fed = new HashMap<>(inputs);
        upstream.forEach((name, cotangent) -> fed.put("upstream " + name, cotangent));
        for (Map.Entry<String, JsonElement> input : fed.entrySet()) {
            double[] numbers = GoldenFile.numbers(input.getValue());
            test = test.with(input.getKey(), (_, index) -> numbers[index]);
        }
        Map<String, Trial.Result> results =
                Trial.of(test, new ReferenceBackend()).results();
        expected.forEach((name, numbers) ->
                golden.assertClose(name, numbers, results.get("output " + name).floats()));
        assertEquals(inputs.keySet(), gradients.keySet());
        for (String name : names) {
            golden.assertClose(
                    "gradient of " + name,
                    gradients.get(name),
                    results.get("gradient " + name).floats());
        }
    }
}
