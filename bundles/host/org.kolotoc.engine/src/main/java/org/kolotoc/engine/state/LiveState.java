package org.kolotoc.engine.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.TrainState;
import org.kolotoc.engine.experiment.Printable;
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
    /** Names of tensors that begin as copies of others, each with the other's. */
    private final Map<String, String> copies = new LinkedHashMap<>();
    /** Declared, but in no checkpoint by their content. */
    private final Set<String> frozen = new HashSet<>();
    /** Owners whose time has not come: no checkpoint holds what is below them. */
    private final Set<String> pending = new HashSet<>();
    /** Of a checkpoint, declared but not on the backend yet. */
    private final Map<String, Snapshot.Entry> restored = new HashMap<>();

    private final Map<String, Long> counters = new TreeMap<>();
    private final Map<String, Snapshot.Entry> waiting = new TreeMap<>();
    private final List<String> fresh = new ArrayList<>();

    /** Of a state in whose place this one is, by name: taken over when somebody first asks for them. */
    private final Map<String, Buffer> heritage = new HashMap<>();

    /** Names of tensors whose buffers belong to the state before, until {@link #takeOver}. */
    private final Set<String> inherited = new HashSet<>();

    /** Whether another state has the buffers, until {@link #takeOver}. */
    private boolean inPlace;

    /** Counters that somebody asked for, and those that somebody set, while another state has the buffers. */
    private final Map<String, Long> asked = new HashMap<>();

    private final Map<String, Long> set = new HashMap<>();

    /** What this state goes on from, for messages. */
    private final String past;

    /** An empty state. */
    public LiveState(Backend backend, long seed) {
        this(backend, seed, "");
    }

    private LiveState(Backend backend, long seed, String past) {
        this.backend = backend;
        this.seed = seed;
        this.past = past;
    }

    /** A state that goes on from a snapshot. */
    public LiveState(Backend backend, long seed, Snapshot snapshot) {
        this(backend, seed, "the checkpoint");
        counters.putAll(snapshot.counters());
        waiting.putAll(snapshot.tensors());
    }

    /**
     * A state that is to take the place of another, on its buffers: for whoever declares the same tensors once more. The other
     * may go on meanwhile, unless {@link #isTakenFrom} says that its values were looked at; closed, this one leaves the other as
     * it is.
     */
    public static LiveState inPlaceOf(LiveState other) {
        LiveState state = new LiveState(other.backend, other.seed, "the run");
        state.inPlace = true;
        Snapshot now = other.snapshot();
        state.counters.putAll(now.counters());
        state.waiting.putAll(now.tensors());
        other.buffers.forEach((name, buffer) -> {
            if (!other.isPending(name)) {
                state.heritage.put(name, buffer);
            }
        });
        return state;
    }

    /**
     * Whether nothing that was asked of this state since {@link #inPlaceOf} is another in the other one by now: then whoever
     * declared something here may go on where the other is.
     */
    public boolean isTakenFrom(LiveState other) {
        return asked.entrySet().stream().allMatch(counter -> other.counter(counter.getKey()) == counter.getValue())
                && Stream.concat(inherited.stream(), heritage.keySet().stream().filter(this::has))
                        .allMatch(name -> other.buffers.get(name) == buffers.getOrDefault(name, heritage.get(name)));
    }

    /**
     * Takes the buffers of everything that is declared here too; the other state gives them up. Counters are what they are
     * there by now, but for those that were set here.
     */
    public void takeOver(LiveState other) {
        counters.clear();
        counters.putAll(other.snapshot().counters());
        counters.putAll(set);
        other.buffers.forEach((name, buffer) -> {
            if (!buffers.containsKey(name) && !other.isPending(name)) {
                heritage.put(name, buffer);
            }
        });
        Stream.of(declared, withinStep)
                .flatMap(names -> names.keySet().stream())
                .filter(heritage::containsKey)
                .forEach(this::buffer);
        inherited.forEach(other.buffers::remove);
        inherited.clear();
        heritage.clear();
        restored.clear();
        asked.clear();
        set.clear();
        inPlace = false;
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
            } else if (!isPending(name)) {
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

    @Override
    public void declareScratch(String owner, List<Parameter> parameters) {
        if (Stream.of(declared, withinStep)
                .anyMatch(names -> names.keySet().stream().anyMatch(name -> isOf(owner, name)))) {
            throw new IllegalArgumentException("'" + owner + "' keeps something already; expected another name");
        }
        declareWithinStep(owner, parameters);
    }

    @Override
    public void releaseScratch(String owner) {
        for (String name : List.copyOf(withinStep.keySet())) {
            if (isOf(owner, name)) {
                withinStep.remove(name);
                removed(name).ifPresent(Buffer::close);
            }
        }
    }

    @Override
    public void declareCopy(String owner, String of) {
        declareCopy(owner, of, _ -> true);
    }

    /** The same of a part of the tensors, by their names without the owner. */
    public void declareCopy(String owner, String of, Predicate<String> which) {
        Map<String, Parameter> copied = new LinkedHashMap<>();
        declared.forEach((name, parameter) -> {
            if (isOf(of, name)) {
                copied.put(name, parameter);
            }
        });
        if (copied.isEmpty()) {
            throw new IllegalArgumentException(
                    "the train state has no owner '" + of + "' whose tensors could be copied");
        }
        copied.values().removeIf(parameter -> !which.test(parameter.name()));
        declare(owner, List.copyOf(copied.values()));
        copied.forEach((name, parameter) -> copies.put(owner + "/" + parameter.name(), name));
    }

    /** Makes an owner begin with these tensors, by their names without it; to be called before it is declared. */
    public void start(String owner, Map<String, Snapshot.Entry> tensors) {
        tensors.forEach((name, entry) -> waiting.put(owner + "/" + name, entry));
    }

    /** Declares tensors that a phase leaves behind as they are: no checkpoint holds them again. */
    public void declareFrozen(String owner, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            String name = owner + "/" + parameter.name();
            declared.put(name, parameter);
            frozen.add(name);
        }
    }

    /** Fills tensors of an owner with those of another, by their names. */
    public void copy(String owner, String from) {
        fill(owner, tensors(from));
    }

    /** Fills tensors of an owner with what is stored, by their names without the owner; others of it stay as they are. */
    public void fill(String owner, Map<String, Snapshot.Entry> stored) {
        stored.forEach((tensor, entry) -> {
            String name = owner + "/" + tensor;
            write(entry, name, buffer(name));
        });
    }

    /** Tensors of an owner as they are now, by their names without the owner. */
    public Map<String, Snapshot.Entry> tensors(String owner) {
        Map<String, Snapshot.Entry> tensors = new TreeMap<>();
        declared.keySet().stream()
                .filter(name -> isOf(owner, name))
                .forEach(name -> tensors.put(name.substring(owner.length() + 1), new Snapshot.Live(buffer(name))));
        return tensors;
    }

    /** Keeps what is declared below an owner out of checkpoints until it begins. */
    public void pending(String owner) {
        pending.add(owner);
    }

    private boolean isPending(String name) {
        return pending.stream().anyMatch(owner -> isBelow(owner, name));
    }

    /** From now on an owner's states live; those that are copies are made. */
    public void begin(String owner) {
        pending.remove(owner);
        copies.keySet().stream().filter(name -> isBelow(owner, name)).forEach(this::buffer);
    }

    /** Gives back all that is declared below an owner, and forgets it. */
    public void release(String owner) {
        List<Runnable> closing = new ArrayList<>();
        for (String name : List.copyOf(buffers.keySet())) {
            if (isBelow(owner, name)) {
                removed(name).ifPresent(buffer -> closing.add(buffer::close));
            }
        }
        declared.keySet().removeIf(name -> isBelow(owner, name));
        withinStep.keySet().removeIf(name -> isBelow(owner, name));
        restored.keySet().removeIf(name -> isBelow(owner, name));
        copies.keySet().removeIf(name -> isBelow(owner, name));
        counters.keySet().removeIf(name -> isBelow(owner, name));
        fresh.removeIf(name -> isBelow(owner, name));
        closing.forEach(Runnable::run);
    }

    /** The buffer of a tensor, out of this state; nothing where it has none, or where it is another state's. */
    private Optional<Buffer> removed(String name) {
        Buffer buffer = buffers.remove(name);
        return inherited.remove(name) ? Optional.empty() : Optional.ofNullable(buffer);
    }

    private static boolean isOf(String owner, String name) {
        return name.startsWith(owner + "/");
    }

    /** Whether a tensor or a counter is the owner's or that of one of its own owners, {@code owner.part}. */
    static boolean isBelow(String owner, String name) {
        return name.startsWith(owner + "/") || name.startsWith(owner + ".");
    }

    private Buffer created(String name) {
        Buffer kept = heritage.get(name);
        if (kept != null) {
            Meanwhile.requireStanding();
            heritage.remove(name);
        }
        if (kept != null && isAs(kept, withinStep.getOrDefault(name, declared.get(name)))) {
            restored.remove(name);
            inherited.add(name);
            return kept;
        }
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
                write(saved, name, buffer);
            } else if (copies.containsKey(name)) {
                write(new Snapshot.Live(buffer(copies.get(name))), name, buffer);
            } else {
                parameter.initializer().fill(buffer, seed, name);
            }
            restored.remove(name);
            filled = true;
            return buffer;
        } finally {
            if (!filled) {
                buffer.close();
            }
        }
    }

    private static boolean isAs(Buffer buffer, Parameter parameter) {
        return parameter != null
                && buffer.dtype() == parameter.dtype()
                && buffer.shape().equals(parameter.shape());
    }

    private static void write(Snapshot.Entry saved, String name, Buffer buffer) {
        try {
            saved.write(buffer);
        } catch (IOException e) {
            throw InputError.of(
                    "tensor '" + name + "' can't be read from its checkpoint any more: " + Printable.reason(e),
                    "see that nothing changes or removes the checkpoint, then run the command again",
                    e);
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
                    past + " is not one of this experiment:" + only("the experiment", fresh)
                            + only(past, List.copyOf(waiting.keySet())),
                    "use the settings " + past + " was made with, or start a new run");
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
        long value = counters.getOrDefault(name, 0L);
        if (inPlace && !set.containsKey(name)) {
            asked.putIfAbsent(name, value);
        }
        return value;
    }

    @Override
    public void counter(String name, long value) {
        counters.put(name, value);
        if (inPlace) {
            set.put(name, value);
        }
    }

    /** Everything as it is now, what nobody has declared yet included; to be written before the next step. */
    public Snapshot snapshot() {
        Map<String, Snapshot.Entry> tensors = new TreeMap<>(waiting);
        declared.keySet().stream()
                .filter(name -> !frozen.contains(name) && !isPending(name))
                .forEach(name -> tensors.put(name, new Snapshot.Live(buffer(name))));
        Map<String, Long> counted = new TreeMap<>(counters);
        counted.keySet().removeIf(this::isPending);
        return new Snapshot(tensors, counted);
    }

    /** Gives every buffer back, also where one of them can't be. */
    @Override
    public void close() {
        inherited.forEach(buffers::remove);
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
