package org.kolotoc.model.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Each weight is divided by its singular value: three times as large, none of them changes what is seen. */
class BoundedTest {
    private static final Map<String, Integer> PICTURES = Map.of("channel", 1, "height", 4, "width", 4, "class", 3);

    private static Model points(boolean spectral) {
        return new Discriminator()
                .create(
                        new DiscriminatorSettings(5, 1, spectral, 2, true),
                        new Dimensions(Map.of("coordinate", 2, "class", 3)));
    }

    private static Model pictures(boolean spectral) {
        return new DcganDiscriminator()
                .create(new DcganDiscriminatorSettings(List.of(2), spectral, 2, true), new Dimensions(PICTURES));
    }

    @Test
    void noWeightIsLeftOut() {
        unchanged(points(true), Shape.of(4, 2));
        unchanged(pictures(true), Shape.of(4, 1, 4, 4));
    }

    @Test
    void withoutNormsEachOfThemCounts() {
        for (Parameter weight : weights(points(false))) {
            assertFalse(Arrays.equals(
                    logits(points(false), Shape.of(4, 2), List.of()),
                    logits(points(false), Shape.of(4, 2), List.of(weight))));
        }
    }

    private static void unchanged(Model model, Shape shape) {
        float[] expected = logits(model, shape, List.of());
        for (Parameter weight : weights(model)) {
            assertArrayEquals(expected, logits(model, shape, List.of(weight)), 1e-4f, weight.name());
        }
    }

    private static List<Parameter> weights(Model model) {
        return model.parameters().stream()
                .filter(parameter -> parameter.name().endsWith(".weight"))
                .toList();
    }

    private static float[] logits(Model model, Shape shape, List<Parameter> larger) {
        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, "model");
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("sample", tracer.feed("sample", DType.F32, shape));
        inputs.put("label", tracer.constant(new int[] {0, 1, 2, 1}, Shape.of(4)));
        tracer.output("logit", model.forward(weights, inputs, Pass.inference()).get("logit"));
        try (Bench bench = Bench.of(model, null, 1);
                BoundProgram program = bench.prepare("logit", tracer.program())) {
            for (Parameter parameter : larger) {
                float[] values = new float[parameter.shape().size()];
                bench.state().buffer("model/" + parameter.name()).read(values);
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 3;
                }
                bench.state().buffer("model/" + parameter.name()).write(values);
            }
            float[] sample = new float[shape.size()];
            for (int i = 0; i < sample.length; i++) {
                sample[i] = (float) Math.sin(i + 1);
            }
            program.buffer("sample").write(sample);
            program.run();
            float[] logits = new float[4];
            program.buffer("logit").read(logits);
            return logits;
        }
    }
}
