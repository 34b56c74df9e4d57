package org.kolotoc.backend.cpu;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;

/** Runs a program once and reads its outputs and states. */
final class Runs {
    private Runs() {}

    /** What a program makes of {@code float[]} and {@code int[]} inputs; inputs not named are zero. */
    static Map<String, Object> of(Backend backend, Program program, Map<String, ?> inputs) {
        Map<String, Buffer> buffers = new HashMap<>();
        try (Executable executable = backend.compile(program)) {
            program.inputs().forEach((name, leaf) -> {
                Buffer buffer = backend.allocate(leaf.dtype(), leaf.shape());
                buffers.put(name, buffer);
                switch (inputs.get(name)) {
                    case float[] floats -> buffer.write(floats);
                    case int[] ints -> buffer.write(ints);
                    case null -> {}
                    case Object other -> throw new IllegalArgumentException(name + ": " + other.getClass());
                }
            });
            program.outputs()
                    .forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
            executable.bind(buffers).run();
            Map<String, Object> results = new TreeMap<>();
            program.outputs().keySet().forEach(name -> results.put(name, read(buffers.get(name))));
            program.inputs().keySet().stream()
                    .filter(program::isState)
                    .forEach(name -> results.put(name, read(buffers.get(name))));
            return results;
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    private static Object read(Buffer buffer) {
        if (buffer.dtype() == DType.F32) {
            float[] floats = new float[buffer.shape().size()];
            buffer.read(floats);
            return floats;
        }
        int[] ints = new int[buffer.shape().size()];
        buffer.read(ints);
        return ints;
    }
}
