package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;

/** A program beside a prepared one: it reads that one's feeds and states, and has outputs of its own. */
public final class Beside implements AutoCloseable {
    private final Program program;
    private final Executable executable;
    private final Function<String, Buffer> inputs;
    private final Map<String, LateBuffer> outputs = new LinkedHashMap<>();
    private Executable.Step step;

    /** @param inputs buffers of feeds and states, by name */
    Beside(Program program, Executable executable, Backend backend, Function<String, Buffer> inputs) {
        this.program = program;
        this.executable = executable;
        this.inputs = inputs;
        program.outputs().forEach((name, value) -> outputs.put(name, LateBuffer.of(value, backend)));
    }

    /** Bytes that it takes from its first run on until it is closed. */
    public long bytes() {
        return executable.explain().scratchBytes()
                + program.outputs().values().stream()
                        .mapToLong(value -> value.shape().bytes())
                        .sum();
    }

    /** Runs it on what the other program's buffers hold now. */
    public void run() {
        if (step == null) {
            Map<String, Buffer> all = new HashMap<>();
            program.inputs().keySet().forEach(input -> all.put(input, inputs.apply(input)));
            outputs.forEach((name, buffer) -> all.put(name, buffer.allocated()));
            step = executable.bind(all);
        }
        step.run();
    }

    /** The buffer of an output; null where there is none of that name. */
    public Buffer output(String name) {
        return outputs.get(name);
    }

    @Override
    public void close() {
        List<Runnable> closing = new ArrayList<>(List.of(executable::close));
        outputs.values().forEach(buffer -> closing.add(buffer::close));
        Closing.all(closing);
    }
}
