package org.kolotoc.engine.prepare;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.fill.HostDefect;
import org.kolotoc.engine.guard.Calls;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Meanwhile;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.ShapeError;

/** A program bound to the state and to buffers of its own. */
public final class Prepared implements BoundProgram {
    private final String name;
    private final Program program;
    private final String backend;
    private final LiveState state;
    private final UnaryOperator<String> names;
    private final Work work;
    private final double flops;
    private final Compiled compiled;
    private Consumer<long[]> listener;
    private long[] nanoseconds;
    private Runnable tap;
    private volatile boolean closed;

    /**
     * Compiles; takes no memory yet.
     *
     * @param names of the program's states in the train state
     * @param work counts its runs
     * @throws InputError when the state lacks a tensor, or the backend can't do an operation
     */
    Prepared(String name, Program program, Backend backend, LiveState state, UnaryOperator<String> names, Work work) {
        this.name = name;
        this.program = program;
        this.backend = backend.id();
        this.state = state;
        this.names = names;
        this.work = work;
        this.flops = program.flops();
        requireDeclared();
        this.compiled = new Compiled(compile(backend), program, backend);
    }

    /** The same program in the place of one that was prepared before: with what that one compiled and bound. */
    private Prepared(Prepared before, Program program, LiveState state, UnaryOperator<String> names, Work work) {
        this.name = before.name;
        this.program = program;
        this.backend = before.backend;
        this.state = state;
        this.names = names;
        this.work = work;
        this.flops = program.flops();
        this.compiled = before.compiled;
        boolean declared = false;
        try {
            requireDeclared();
            declared = true;
        } finally {
            if (!declared) {
                compiled.release();
            }
        }
    }

    private void requireDeclared() {
        program.inputs().keySet().stream()
                .filter(input -> program.isState(input) && !state.has(names.apply(input)))
                .findFirst()
                .ifPresent(input -> {
                    throw InputError.of(
                            "program '" + name + "' needs the tensor '" + input + "', which nobody declared", "");
                });
    }

    /** What takes the place of this one, for a program of the same content; nothing where there is nothing to take over. */
    Optional<Prepared> again(Program same, LiveState on, UnaryOperator<String> named, Work counted) {
        return isLike(same) && compiled.hold()
                ? Optional.of(new Prepared(this, same, on, named, counted))
                : Optional.empty();
    }

    /** Whether it can still be run, and is about the same computation. */
    boolean isLike(Program other) {
        return !closed && program.listing().equals(other.listing());
    }

    private Executable compile(Backend on) {
        try {
            return Calls.host(() -> on.compile(program));
        } catch (UnsupportedOperationException e) {
            throw refused(e.getMessage());
        } catch (InputError | ShapeError | DeviceFailure e) {
            throw e;
        } catch (RuntimeException e) {
            throw new HostDefect("compiling the program '" + name + "'", e);
        }
    }

    /** Of the precision that products were asked in, where the backend names that. */
    private InputError refused(String reason) {
        InputError error = InputError.of(
                "program '" + name + "' can't run on the backend " + backend + ": " + reason
                        + "; another may: --backend cpu",
                "");
        return program.nodes().stream()
                        .map(node -> node.op() instanceof Op.MatMul product ? product.precision() : Op.Precision.F32)
                        .filter(precision -> precision != Op.Precision.F32)
                        .anyMatch(precision -> reason.contains(precision.name().toLowerCase(Locale.ROOT)))
                ? error.in("precision")
                : error;
    }

    @Override
    public Buffer buffer(String wanted) {
        Buffer buffer = compiled.own().get(wanted);
        if (buffer == null) {
            throw new IllegalArgumentException("program '" + name + "' has no feed or output '" + wanted + "', only "
                    + compiled.own().keySet());
        }
        return new BorrowedBuffer(buffer);
    }

    @Override
    public void run() {
        Meanwhile.requireStanding();
        if (closed) {
            throw new IllegalStateException("the program '" + name + "' was closed");
        }
        try {
            Executable.Step step = compiled.bound(program, this::state);
            if (tap != null) {
                tap.run();
            }
            if (listener == null) {
                step.run();
            } else {
                step.run(nanoseconds);
                listener.accept(nanoseconds);
            }
            work.ran(flops);
        } catch (InputError e) {
            throw e;
        } catch (DeviceFailure e) {
            throw new DeviceFailure("the program '" + name + "' fails: " + e.getMessage(), e);
        } catch (UnsupportedOperationException e) {
            // What it computes was compiled; what it can't do is measure.
            throw InputError.of("the backend '" + backend + "' can't be profiled: " + e.getMessage(), "--backend cpu");
        } catch (RuntimeException e) {
            throw new HostDefect("a step of the program '" + name + "'", e);
        }
    }

    private Buffer state(String input) {
        return state.buffer(names.apply(input));
    }

    /**
     * From now on something is done before every run, when the feeds are filled.
     *
     * @param before null for nothing any more; throws nothing
     */
    public void tap(Runnable before) {
        tap = before;
    }

    /**
     * Compiles a program beside this one, over its feeds and states; takes no memory yet.
     *
     * @param beside whose inputs this one has, and that writes none of them
     */
    public Beside beside(Program beside, Backend on) {
        return new Beside(
                beside,
                on.compile(beside),
                on,
                input -> program.isState(input)
                        ? state(input)
                        : compiled.own().get(input).allocated());
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
        return compiled.executable().explain();
    }

    public Program program() {
        return program;
    }

    /** What the device compiles for a kernel, see {@link Executable#source}. */
    public Optional<String> source(String kernel) {
        return compiled.executable().source(kernel);
    }

    /** May be called again. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            compiled.release();
        }
    }
}
