package org.kolotoc.tck;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.kolotoc.nn.BatchNorm;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What batch normalisation gives, by the statistics of a batch and by those that were kept. */
final class BatchNormGoldens {
    private static final Map<String, String> NAMES = Map.of("mean", "mean", "variance", "var");

    private BatchNormGoldens() {}

    /** What is kept is looked at in {@link #running}. */
    static Tensor layer(LayerGoldensTest.Call call) {
        Tensor x = call.x("x");
        BatchNorm layer = new BatchNorm(x.shape().extent(1), 0.1, call.number("eps"));
        if (!call.attributes().get("training").getAsBoolean()) {
            return layer.evaluation(name -> call.x(NAMES.getOrDefault(name, name)), x);
        }
        Tensor unknown = x.tracer().constant(0, DType.F32, Shape.of(layer.channels()));
        return layer.training(name -> call.inputs().getOrDefault(name, unknown), x, (_, _) -> {});
    }

    /** Statistics over some batches, and an evaluation by what they are then. */
    static void running(GoldenFile golden) {
        JsonObject expected = golden.json().getAsJsonObject("batch_norm_running");
        List<JsonObject> steps = expected.getAsJsonArray("steps").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
        JsonObject evaluation = expected.getAsJsonObject("evaluation");
        BatchNorm layer = new BatchNorm(
                GoldenFile.shape(evaluation.get("x")).extent(1),
                expected.get("momentum").getAsDouble(),
                expected.get("eps").getAsDouble());
        Case test = Case.of("running", tracer -> {
            Map<String, Tensor> leaves = new HashMap<>();
            Stream.concat(layer.parameters().stream(), layer.statistics().stream())
                    .forEach(parameter -> leaves.put(
                            parameter.name(),
                            tracer.constant(
                                    ((Initializer.Constant) parameter.initializer()).value(),
                                    DType.F32,
                                    parameter.shape())));
            for (int i = 0; i < steps.size(); i++) {
                Map<String, Tensor> next = new HashMap<>();
                tracer.output("y " + i, layer.training(leaves::get, constant(tracer, steps.get(i)), next::put));
                leaves.putAll(next);
                for (String statistic : NAMES.keySet()) {
                    tracer.output(statistic + " " + i, leaves.get(statistic));
                }
            }
            tracer.output("evaluation", layer.evaluation(leaves::get, constant(tracer, evaluation)));
        });
        Map<String, Trial.Result> results =
                Trial.of(test, new ReferenceBackend()).results();
        BiConsumer<String, JsonElement> compared = (name, wanted) ->
                golden.assertClose(name, wanted, results.get(name).floats());
        for (int i = 0; i < steps.size(); i++) {
            compared.accept("y " + i, steps.get(i).get("y"));
            compared.accept("mean " + i, steps.get(i).get("running_mean"));
            compared.accept("variance " + i, steps.get(i).get("running_var"));
        }
        compared.accept("evaluation", evaluation.get("y"));
    }

    private static Tensor constant(Tracer tracer, JsonObject step) {
        return tracer.constant(GoldenFile.floats(step.get("x")), GoldenFile.shape(step.get("x")));
    }
}
