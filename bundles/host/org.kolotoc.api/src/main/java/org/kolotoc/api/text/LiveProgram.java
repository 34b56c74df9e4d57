package org.kolotoc.api.text;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** A session's program over live weights. What is its own takes memory when it is first used. */
final class LiveProgram implements AutoCloseable {
    /** Where the weights of the model are in the program. */
    static final String MODEL = "model";

    private static final String WEIGHTS = MODEL + "/";

    private final Backend backend;
    private final Program program;
    private final Function<String, Buffer> weights;
    private final Executable executable;
    private final Map<String, Tensor> owned = new HashMap<>();
    private final Map<String, Buffer> own = new HashMap<>();
    private Executable.Step step;

    /**
     * Compiles.
     *
     * @param weights the buffer of a parameter by its name in the model; not closed here
     */
    LiveProgram(Backend backend, Program program, Function<String, Buffer> weights) {
        this.backend = backend;
        this.program = program;
        this.weights = weights;
        this.executable = backend.compile(program);
        program.inputs().forEach((name, tensor) -> {
            if (!name.startsWith(WEIGHTS)) {
                owned.put(name, tensor);
            }
        });
        owned.putAll(program.outputs());
    }

    /** A feed or an output. */
    Buffer buffer(String name) {
        return own.computeIfAbsent(
                name,
                _ -> backend.allocate(owned.get(name).dtype(), owned.get(name).shape()));
    }

    void run() {
        if (step == null) {
            Map<String, Buffer> all = new HashMap<>();
            program.inputs().keySet().stream()
                    .filter(name -> name.startsWith(WEIGHTS))
                    .forEach(name -> all.put(name, weights.apply(name.substring(WEIGHTS.length()))));
            owned.keySet().forEach(name -> all.put(name, buffer(name)));
            step = executable.bind(all);
        }
        step.run();
    }

    /** All that it takes beside the weights, once it runs. */
    long bytes() {
        return executable.explain().scratchBytes()
                + owned.values().stream()
                        .map(Tensor::shape)
                        .mapToLong(Shape::bytes)
                        .sum();
    }

    @Override
    public void close() {
        executable.close();
        own.values().forEach(Buffer::close);
    }
}
