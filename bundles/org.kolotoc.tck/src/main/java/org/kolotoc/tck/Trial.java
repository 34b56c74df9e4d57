package org.kolotoc.tck;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;

/**
 * What a backend made of a case.
 *
 * @param results every output and every state, by name
 */
record Trial(Map<String, Result> results) {
    /** The content of a buffer; {@code floats} or {@code ints} by its type. */
    record Result(float[] floats, int[] ints) {
        static Result of(Buffer buffer) {
            if (buffer.dtype() == DType.F32) {
                float[] floats = new float[buffer.shape().size()];
                buffer.read(floats);
                return new Result(floats, null);
            }
            int[] ints = new int[buffer.shape().size()];
            buffer.read(ints);
            return new Result(null, ints);
        }

        /** Every element as 32 bits. */
        int[] bits() {
            if (ints != null) {
                return ints;
            }
            int[] bits = new int[floats.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Float.floatToIntBits(floats[i]);
            }
            return bits;
        }
    }

    static Trial of(Case test, Backend backend) {
        return of(test, backend, (_, step) -> step.run());
    }

    /** @param run one run of a step */
    static Trial of(Case test, Backend backend, BiConsumer<Executable, Executable.Step> run) {
        Program program = test.program();
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        try (Executable executable = backend.compile(program)) {
            program.inputs().forEach((name, leaf) -> buffers.put(name, filled(backend, leaf, name, test)));
            program.outputs()
                    .forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
            Executable.Step step = executable.bind(new HashMap<>(buffers));
            for (int i = 0; i < test.runs(); i++) {
                run.accept(executable, step);
            }
            Map<String, Result> results = new TreeMap<>();
            buffers.forEach((name, buffer) -> {
                if (program.outputs().containsKey(name) || program.isState(name)) {
                    results.put(name, Result.of(buffer));
                }
            });
            return new Trial(results);
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    private static Buffer filled(Backend backend, Tensor leaf, String name, Case test) {
        Buffer buffer = backend.allocate(leaf.dtype(), leaf.shape());
        double[] numbers = test.content(name, leaf.dtype(), leaf.shape().size());
        if (leaf.dtype() == DType.F32) {
            float[] floats = new float[numbers.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) numbers[i];
            }
            buffer.write(floats);
        } else {
            int[] ints = new int[numbers.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = (int) numbers[i];
            }
            buffer.write(ints);
        }
        return buffer;
    }
}
