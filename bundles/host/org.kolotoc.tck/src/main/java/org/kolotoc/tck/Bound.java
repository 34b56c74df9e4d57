package org.kolotoc.tck;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;

/**
 * A case on buffers of its own, bound.
 *
 * @param buffers of all inputs and outputs, by name
 */
record Bound(Case test, Map<String, Buffer> buffers, Executable.Step step) implements AutoCloseable {

    /** Fills the inputs of a case and binds them; on failure nothing is left allocated. */
    static Bound of(Case test, Program program, Backend backend, Executable executable) {
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        try {
            program.inputs().forEach((name, leaf) -> {
                buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape()));
                fill(
                        buffers.get(name),
                        test.content(name, leaf.dtype(), leaf.shape().size()));
            });
            program.outputs()
                    .forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
            return new Bound(test, buffers, executable.bind(Collections.unmodifiableMap(buffers)));
        } catch (RuntimeException | Error e) {
            buffers.values().forEach(Buffer::close);
            throw e;
        }
    }

    private static void fill(Buffer buffer, double[] numbers) {
        if (buffer.dtype() == DType.F32) {
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
    }

    /** Outputs and states as they are now. */
    Trial results(Program program) {
        Map<String, Trial.Result> results = new LinkedHashMap<>();
        buffers.forEach((name, buffer) -> {
            if (program.outputs().containsKey(name) || program.isState(name)) {
                results.put(name, Trial.Result.of(buffer));
            }
        });
        return new Trial(results);
    }

    @Override
    public void close() {
        buffers.values().forEach(Buffer::close);
    }
}
