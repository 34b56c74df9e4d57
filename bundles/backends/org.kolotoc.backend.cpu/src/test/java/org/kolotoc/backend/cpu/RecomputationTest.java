package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Losses;
import org.kolotoc.nn.TransformerBlock;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Blocks computed again in the backward pass: the same bits, in a fraction of the memory. */
class RecomputationTest {
    private static final int LAYERS = 12;
    private static final Shape STREAM = Shape.of(2, 32, 64);

    private final List<Parameter> parameters = IntStream.range(0, LAYERS)
            .boxed()
            .flatMap(layer -> block().in("block" + layer))
            .toList();

    private static TransformerBlock block() {
        return TransformerBlock.of(STREAM.extent(-1), 4, 4, LAYERS, true, true);
    }

    @Test
    void givesTheSameBits() {
        for (double dropout : new double[] {0, 0.2}) {
            try (CpuBackend backend = new CpuBackend(2)) {
                Map<String, Object> kept = Runs.of(backend, step(false, dropout), inputs());
                Map<String, Object> again = Runs.of(backend, step(true, dropout), inputs());
                assertEquals(kept.keySet(), again.keySet());
                kept.forEach((name, values) -> assertArrayEquals((float[]) values, (float[]) again.get(name), name));
            }
        }
    }

    @Test
    void keepsWhatEntersABlockAndOneBlocksActivations() {
        for (double dropout : new double[] {0, 0.2}) {
            Explanation kept = explained(step(false, dropout));
            Explanation again = explained(step(true, dropout));
            assertTrue(
                    again.scratchBytes() < 0.35 * kept.scratchBytes(),
                    () -> again.scratchBytes() + " bytes of scratch instead of " + kept.scratchBytes());
            assertTrue(again.flops() > kept.flops(), "nothing is computed again");
            assertTrue(again.flops() < 1.5 * kept.flops(), () -> again.flops() + " after " + kept.flops());
        }
    }

    private static Explanation explained(Program program) {
        try (CpuBackend backend = new CpuBackend(1);
                Executable executable = backend.compile(program)) {
            return executable.explain();
        }
    }

    private Map<String, float[]> inputs() {
        Random random = new Random(5);
        Map<String, float[]> inputs = new HashMap<>();
        inputs.put("x", normal(random, STREAM.size(), 1));
        inputs.put("wanted", normal(random, STREAM.size(), 1));
        parameters.forEach(p -> inputs.put(p.name(), normal(random, p.shape().size(), 0.2)));
        return inputs;
    }

    private static float[] normal(Random random, int size, double deviation) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private Program step(boolean recomputing, double dropout) {
        Tracer trace = new Tracer();
        Map<String, Tensor> weights = new HashMap<>();
        parameters.forEach(p -> weights.put(p.name(), trace.state(p.name(), p.dtype(), p.shape())));
        Tensor mask = Functions.causalMask(trace, STREAM.extent(1), STREAM.extent(1));
        Dropout dropped = new Dropout(dropout, trace.feed("key", DType.I32, Shape.of(2)));
        Tensor x = trace.feed("x", DType.F32, STREAM);
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "block" + layer + ".";
            try (Tracer.Scope _ = trace.segment("block" + layer)) {
                x = block().apply(name -> weights.get(prefix + name), x, mask, dropped);
            }
        }
        Tensor loss = Losses.meanSquare(x, trace.feed("wanted", DType.F32, STREAM));
        List<Tensor> leaves =
                parameters.stream().map(p -> weights.get(p.name())).toList();
        List<Tensor> gradients = recomputing ? Gradients.rematerializing(loss, leaves) : Gradients.of(loss, leaves);
        for (int i = 0; i < leaves.size(); i++) {
            trace.update(leaves.get(i), leaves.get(i).sub(gradients.get(i)));
        }
        trace.output("loss", loss);
        return trace.program();
    }
}
