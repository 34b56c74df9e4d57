package org.kolotoc.model.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** What a U-Net tells, and every gradient of its weights, has the same bits however many threads compute it. */
final class UNetThreadsTest {
    private static final int BATCH = 8;
    private static final int SIDE = 28;

    private static final Model NET = new UNet()
            .create(
                    new UNetSettings(List.of(16, 32), 8, 4, 2, 12, Prediction.NOISE, true),
                    new Dimensions(Map.of("channel", 1, "height", SIDE, "width", SIDE, "class", 3)));

    private static Program program() {
        Tracer tracer = new Tracer();
        Weights weights = NET.weights(tracer, "model");
        Map<String, Tensor> inputs = new HashMap<>(Map.of(
                "noisy", tracer.feed("noisy", DType.F32, Shape.of(BATCH, 1, SIDE, SIDE)),
                "time", tracer.feed("time", DType.F32, Shape.of(BATCH)),
                "label", tracer.feed("label", DType.I32, Shape.of(BATCH))));
        Tensor noise = NET.forward(weights, inputs, Pass.inference()).get("noise");
        tracer.output("noise", noise);
        Tensor loss = Functions.mean(noise.sub(inputs.get("noisy")).mul(noise));
        List<Tensor> gradients = Gradients.of(loss, weights.all(NET.parameters()));
        for (int i = 0; i < gradients.size(); i++) {
            tracer.output(NET.parameters().get(i).name(), gradients.get(i));
        }
        return tracer.program();
    }

    private static Map<String, float[]> computed(int threads) {
        CounterRandom random = new CounterRandom(1, "threads");
        float[] noisy = new float[BATCH * SIDE * SIDE];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (float) random.normal(i);
        }
        Map<String, float[]> computed = new TreeMap<>();
        try (CpuBackend backend = new CpuBackend(threads);
                Bench bench = new Bench(backend, Map.of("model", NET), Toys.text(), 1)) {
            // The last layer begins with zeros, behind which all gradients would be none.
            NET.parameters().forEach(parameter -> {
                Buffer buffer = bench.state().buffer("model/" + parameter.name());
                float[] values = new float[parameter.shape().size()];
                CounterRandom of = new CounterRandom(2, parameter.name());
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (0.1 * of.normal(i));
                }
                buffer.write(values);
            });
            BoundProgram program = bench.prepare("threads", program());
            program.buffer("noisy").write(noisy);
            program.feed("time", 0, 1, 2, 3, 5, 7, 10, 11);
            program.feed("label", 0, 1, 2, 0, 1, 2, 0, 1);
            program.run();
            computed.put("noise", read(program.buffer("noise")));
            NET.parameters()
                    .forEach(parameter -> computed.put(parameter.name(), read(program.buffer(parameter.name()))));
            program.close();
        }
        return computed;
    }

    private static float[] read(Buffer buffer) {
        float[] values = new float[buffer.shape().size()];
        buffer.read(values);
        return values;
    }

    @Test
    void oneThreadAndTwoComputeTheSame() {
        Map<String, float[]> one = computed(1);
        Map<String, float[]> two = computed(2);
        assertEquals(NET.parameters().size() + 1, one.size());
        one.forEach((name, values) -> {
            double sum = 0;
            for (float value : values) {
                sum += Math.abs(value);
            }
            assertTrue(sum > 0, name);
            assertArrayEquals(values, two.get(name), name);
        });
    }
}
