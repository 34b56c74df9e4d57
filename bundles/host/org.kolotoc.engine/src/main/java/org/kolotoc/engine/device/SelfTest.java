package org.kolotoc.engine.device;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * A small program that touches what models are made of: a product, a softmax over rows, sums over columns, random
 * numbers, a state that is updated. A few milliseconds of work beside the compiling.
 */
final class SelfTest {
    private static final int ROWS = 67;
    private static final int INNER = 48;
    private static final int COLUMNS = 33;
    private static final int RUNS = 2;

    /** Of the largest element; sums of 67 numbers in single precision keep far below it. */
    private static final double TOLERANCE = 1e-4;

    private SelfTest() {}

    /** Runs it twice on a backend: empty when all numbers are those of the reference, else the first that is not. */
    static String run(Backend backend) {
        Map<String, float[]> expected = results(new ReferenceBackend());
        Map<String, float[]> found = results(backend);
        for (Map.Entry<String, float[]> entry : expected.entrySet()) {
            float[] wanted = entry.getValue();
            float[] got = found.get(entry.getKey());
            double largest = 0;
            for (float value : wanted) {
                largest = Math.max(largest, Math.abs(value));
            }
            double allowed = entry.getKey().equals("random") ? 0 : TOLERANCE * largest;
            for (int i = 0; i < wanted.length; i++) {
                if (!(Math.abs(wanted[i] - got[i]) <= allowed)) {
                    return String.format(
                            Locale.ROOT, "%s[%d] is %s, expected %s", entry.getKey(), i, got[i], wanted[i]);
                }
            }
        }
        return "";
    }

    private static Program program() {
        Tracer tracer = new Tracer();
        Tensor left = tracer.feed("left", DType.F32, Shape.of(ROWS, INNER));
        Tensor right = tracer.feed("right", DType.F32, Shape.of(INNER, COLUMNS));
        Tensor key = tracer.feed("key", DType.I32, Shape.of(2));
        Tensor total = tracer.state("total", DType.F32, Shape.of(COLUMNS));
        Tensor random = tracer.uniform(key, Shape.of(ROWS, COLUMNS));
        Tensor product = left.matmul(right);
        Tensor softmax = Functions.softmax(product.add(random));
        tracer.output("random", random);
        tracer.output("product", product);
        tracer.output("softmax", softmax);
        tracer.update(total, total.add(softmax.mul(product).sum(0)));
        return tracer.program();
    }

    private static Map<String, float[]> results(Backend backend) {
        Program program = program();
        Map<String, Buffer> buffers = new HashMap<>();
        try (Executable executable = backend.compile(program)) {
            program.inputs().forEach((name, leaf) -> buffers.put(name, filled(backend, name, leaf)));
            program.outputs()
                    .forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
            Executable.Step step = executable.bind(buffers);
            for (int i = 0; i < RUNS; i++) {
                step.run();
            }
            Map<String, float[]> results = new LinkedHashMap<>();
            buffers.forEach((name, buffer) -> {
                if (program.outputs().containsKey(name) || program.isState(name)) {
                    float[] values = new float[buffer.shape().size()];
                    buffer.read(values);
                    results.put(name, values);
                }
            });
            return results;
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    private static Buffer filled(Backend backend, String name, Tensor leaf) {
        Buffer buffer = backend.allocate(leaf.dtype(), leaf.shape());
        if (leaf.dtype() == DType.I32) {
            buffer.write(new int[] {7, 11});
            return buffer;
        }
        CounterRandom random = new CounterRandom(1, name);
        float[] values = new float[leaf.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.normal(i);
        }
        buffer.write(values);
        return buffer;
    }
}
