package org.kolotoc.engine.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.InputError;
import org.kolotoc.api.TrainState;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;

/**
 * The train state of a run, on the buffers of its backend. A tensor gets its buffer when somebody first asks for it, so
 * that what a run needs is known before it takes it.
 */
public final class LiveState implements TrainState, AutoCloseable {
    private final Backend backend;
    private final long seed;
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, Parameter> declared = new LinkedHashMap<>();
    private final Map<String, Parameter> withinStep = new LinkedHashMap<>();
    /** Of a checkpoint, declared but not on the backend yet. */
    private final Map<String, Snapshot.Entry> restored = new HashMap<>();

    private final Map<String, Long> counters = new TreeMap<>();
    private final Map<String, Snapshot.Entry> waiting = new TreeMap<>();
    private final List<String> fresh = new ArrayList<>();

    /** An empty state. */
    public LiveState(Backend backend, long seed) {
        this.backend = backend;
        this.seed = seed;
    }

    /** A state that goes on from a snapshot. */
    public LiveState(Backend backend, long seed, Snapshot snapshot) {
        this(backend, seed);
        counters.putAll(snapshot.counters());
        waiting.putAll(snapshot.tensors());
    }

    @Override
    public void declare(String owner, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            String name = owner + "/" + parameter.name();
            Parameter known = declared.putIfAbsent(name, parameter);
            if (known != null) {
                check(name, parameter, known.dtype(), known.shape().extents());
            } else if (waiting.containsKey(name)) {
                Snapshot.Entry saved = waiting.remove(name);
                check(name, parameter, saved.dtype(), saved.shape());
                restored.put(name, saved);
            } else {
                fresh.add(name);
            }
        }
    }

    @Override
    public void declareWithinStep(String owner, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            String name = owner + "/" + parameter.name();
            Parameter known = withinStep.computeIfAbsent(name, _ -> parameter);
            check(name, parameter, known.dtype(), known.shape().extents());
        }
    }

    private Buffer created(String name) {
        if (withinStep.containsKey(name)) {
            return backend.allocate(
                    withinStep.get(name).dtype(), withinStep.get(name).shape());
        }
        Parameter parameter = declared.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "the train state has no tensor '" + name + "'; it has " + declared.keySet());
        }
        Buffer buffer = backend.allocate(parameter.dtype(), parameter.shape());
        boolean filled = false;
        try {
            Snapshot.Entry saved = restored.get(name);
            if (saved != null) {
                saved.write(buffer);
            } else {
                parameter.initializer().fill(buffer, seed, name);
            }
            restored.remove(name);
            filled = true;
            return buffer;
        } catch (IOException e) {
            throw InputError.of(
                    "tensor '" + name + "' can't be read from its checkpoint any more: " + e.getMessage(),
                    "see that nothing changes or removes the checkpoint, then run the command again",
                    e);
        } finally {
            if (!filled) {
                buffer.close();
            }
        }
    }

    private static void check(String name, Parameter wanted, DType dtype, int[] shape) {
        if (dtype != wanted.dtype()
                || !java.util.Arrays.equals(shape, wanted.shape().extents())) {
            throw InputError.of(
                    "tensor '" + name + "' is " + dtype.label() + " " + java.util.Arrays.toString(shape)
                            + " in this run, but " + wanted.dtype().label() + " " + wanted.shape() + " is asked for",
                    "use the settings the state was made with, or start a new run");
        }
    }

    @Override
    public Buffer buffer(String name) {
        Buffer buffer = buffers.get(name);
        if (buffer == null) {
            buffer = created(name);
            buffers.put(name, buffer);
        }
        return buffer;
    }

    /** Whether a tensor was declared. */
    public boolean has(String name) {
        return declared.containsKey(name) || withinStep.containsKey(name);
    }

    /**
     * Refuses to go on where a checkpoint and a run have not the same tensors: half of a model would begin anew, or be
     * forgotten, without a word.
     *
     * @throws InputError naming what only one of them has
     */
    public void requireAllRestored() {
        if (!fresh.isEmpty() || !waiting.isEmpty()) {
            throw InputError.of(
                    "the checkpoint is not one of this experiment:" + only("the experiment", fresh)
                            + only("the checkpoint", List.copyOf(waiting.keySet())),
                    "use the settings the checkpoint was made with, or start a new run");
        }
    }

    private static String only(String where, List<String> names) {
        return names.isEmpty()
                ? ""
                : "\n  only " + where + " has " + names.size() + (names.size() == 1 ? " tensor" : " tensors") + ", "
                        + names.getFirst() + (names.size() == 1 ? "" : " and others");
    }

    /** Bytes of all tensors by their owner, those that live only within a step as an owner of their own. */
    public Map<String, Long> bytes() {
        Map<String, Long> bytes = new TreeMap<>();
        declared.forEach((name, parameter) -> bytes.merge(
                name.substring(0, name.indexOf('/')), parameter.shape().bytes(), Math::addExact));
        withinStep.forEach((name, parameter) -> bytes.merge(
                name.substring(0, name.indexOf('/')) + " within a step",
                parameter.shape().bytes(),
                Math::addExact));
        return bytes;
    }

    @Override
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }

    @Override
    public void counter(String name, long value) {
        counters.put(name, value);
    }

    /** Everything as it is now, what nobody has declared yet included; to be written before the next step. */
    public Snapshot snapshot() {
        Map<String, Snapshot.Entry> tensors = new TreeMap<>(waiting);
        declared.keySet().forEach(name -> tensors.put(name, new Snapshot.Live(buffer(name))));
        return new Snapshot(tensors, new TreeMap<>(counters));
    }

    /** Gives every buffer back, also where one of them can't be. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (Buffer buffer : buffers.values()) {
            try {
                buffer.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
