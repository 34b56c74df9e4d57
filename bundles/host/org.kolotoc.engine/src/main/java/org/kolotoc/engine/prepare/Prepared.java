package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.fill.HostDefect;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.ShapeError;
import org.kolotoc.tensor.Tensor;

/** A program bound to the state and to buffers of its own. */
public final class Prepared implements BoundProgram {
    private final String name;
    private final Program program;
    private final String backend;
    private final LiveState state;
    private final UnaryOperator<String> names;
    private final Executable executable;
    private final Map<String, LateBuffer> own = new LinkedHashMap<>();
    private Executable.Step step;
    private Consumer<long[]> listener;
    private long[] nanoseconds;
    private boolean closed;

    /**
     * Compiles; takes no memory yet.
     *
     * @param names of the program's states in the train state
     * @throws InputError when the state lacks a tensor, or the backend can't do an operation
     */
    Prepared(String name, Program program, Backend backend, LiveState state, UnaryOperator<String> names) {
        this.name = name;
        this.program = program;
        this.backend = backend.id();
        this.state = state;
        this.names = names;
        program.inputs().keySet().stream()
                .filter(input -> program.isState(input) && !state.has(names.apply(input)))
                .findFirst()
                .ifPresent(input -> {
                    throw InputError.of(
                            "program '" + name + "' needs the tensor '" + input + "', which nobody declared", "");
                });
        this.executable = compiled(backend);
        program.inputs().forEach((input, leaf) -> {
            if (!program.isState(input)) {
                own.put(input, late(backend, leaf));
            }
        });
        program.outputs().forEach((output, value) -> own.put(output, late(backend, value)));
    }

    private static LateBuffer late(Backend backend, Tensor tensor) {
        return new LateBuffer(tensor.dtype(), tensor.shape(), () -> backend.allocate(tensor.dtype(), tensor.shape()));
    }

    private Executable compiled(Backend on) {
        try {
            return on.compile(program);
        } catch (UnsupportedOperationException e) {
            throw InputError.of(
                    "program '" + name + "' can't run on the backend " + backend + ": " + e.getMessage()
                            + "; another may: --backend cpu",
                    "");
        } catch (InputError | ShapeError | DeviceFailure e) {
            throw e;
        } catch (RuntimeException e) {
            throw new HostDefect("compiling the program '" + name + "'", e);
        }
    }

    /** Takes the memory of the states and of the program, unless it was taken before. */
    private void bind() {
        if (step == null) {
            Map<String, Buffer> all = new HashMap<>();
            own.forEach((name, buffer) -> all.put(name, buffer.allocated()));
            program.inputs().keySet().stream()
                    .filter(program::isState)
                    .forEach(name -> all.put(name, state.buffer(names.apply(name))));
            step = executable.bind(all);
        }
    }

    @Override
    public Buffer buffer(String wanted) {
        Buffer buffer = own.get(wanted);
        if (buffer == null) {
            throw new IllegalArgumentException(
                    "program '" + name + "' has no feed or output '" + wanted + "', only " + own.keySet());
        }
        return buffer;
    }

    @Override
    public void run() {
        try {
            bind();
            if (listener == null) {
                step.run();
            } else {
                step.run(nanoseconds);
                listener.accept(nanoseconds);
            }
        } catch (InputError | DeviceFailure e) {
            throw e;
        } catch (UnsupportedOperationException e) {
            // What it computes was compiled; what it can't do is measure.
            throw InputError.of("the backend '" + backend + "' can't be profiled: " + e.getMessage(), "--backend cpu");
        } catch (RuntimeException e) {
            throw new HostDefect("a step of the program '" + name + "'", e);
        }
    }

    /**
     * From now on every run is measured.
     *
     * @param times gets the nanoseconds of each kernel of {@link #explain} after each run, valid until the next
     */
    public void measure(Consumer<long[]> times) {
        nanoseconds = new long[explain().kernels().size()];
        listener = times;
    }

    @Override
    public Explanation explain() {
        return executable.explain();
    }

    public Program program() {
        return program;
    }

    /** What the device compiles for a kernel, see {@link Executable#source}. */
    public Optional<String> source(String kernel) {
        return executable.source(kernel);
    }

    boolean isClosed() {
        return closed;
    }

    /** May be called again. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Closing.all(closing());
        }
    }

    private List<Runnable> closing() {
        List<Runnable> closing = new ArrayList<>(List.of(executable::close));
        own.values().forEach(buffer -> closing.add(buffer::close));
        return closing;
    }
}
