package org.kolotoc.tck;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.TrainState;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;

/** A train state in memory, on the buffers of a backend. */
public final class BenchState implements TrainState, AutoCloseable {
    private final Backend backend;
    private final long seed;
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, Buffer> withinStep = new LinkedHashMap<>();
    private final Map<String, Buffer> scratch = new LinkedHashMap<>();
    private final Map<String, Long> counters = new TreeMap<>();

    /** An empty state; what is declared starts from the seed. */
    public BenchState(Backend backend, long seed) {
        this.backend = backend;
        this.seed = seed;
    }

    /** Everything a checkpoint would hold: the bits of every tensor, and the counters. */
    public record Snapshot(Map<String, int[]> tensors, Map<String, Long> counters) {
        /** The first name whose content differs or is missing in one of them, or empty. */
        public String difference(Snapshot other) {
            if (!tensors.keySet().equals(other.tensors.keySet())) {
                return "names of tensors";
            }
            for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
                if (!Arrays.equals(tensor.getValue(), other.tensors.get(tensor.getKey()))) {
                    return tensor.getKey();
                }
            }
            return counters.equals(other.counters) ? "" : "counters " + counters + " and " + other.counters;
        }
    }

    public Snapshot snapshot() {
        Map<String, int[]> tensors = new TreeMap<>();
        buffers.forEach(
                (name, buffer) -> tensors.put(name, Trial.Result.of(buffer).bits()));
        return new Snapshot(tensors, new TreeMap<>(counters));
    }

    /** Makes the tensors of a snapshot that were declared here hold what they held there, and takes its counters. */
    public void restore(Snapshot snapshot) {
        snapshot.tensors().forEach((name, bits) -> {
            Buffer buffer = buffers.get(name);
            if (buffer == null) {
                return;
            }
            write(bits, buffer);
        });
        counters.clear();
        counters.putAll(snapshot.counters());
    }

    private static void write(int[] bits, Buffer buffer) {
        if (buffer.dtype() == DType.F32) {
            float[] values = new float[bits.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(bits[i]);
            }
            buffer.write(values);
        } else {
            buffer.write(bits);
        }
    }

    @Override
    public void declare(String owner, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            String name = owner + "/" + parameter.name();
            Buffer known = buffers.get(name);
            if (known == null) {
                buffers.put(name, initialised(name, parameter));
            } else {
                check(name, parameter, known);
            }
        }
    }

    @Override
    public void declareWithinStep(String owner, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            String name = owner + "/" + parameter.name();
            check(
                    name,
                    parameter,
                    withinStep.computeIfAbsent(name, _ -> backend.allocate(parameter.dtype(), parameter.shape())));
        }
    }

    @Override
    public void declareScratch(String owner, List<Parameter> parameters) {
        if (Stream.of(buffers, withinStep, scratch)
                .anyMatch(names -> names.keySet().stream().anyMatch(name -> name.startsWith(owner + "/")))) {
            throw new IllegalArgumentException("'" + owner + "' keeps something already; expected another name");
        }
        for (Parameter parameter : parameters) {
            scratch.put(owner + "/" + parameter.name(), backend.allocate(parameter.dtype(), parameter.shape()));
        }
    }

    @Override
    public void releaseScratch(String owner) {
        for (String name : List.copyOf(scratch.keySet())) {
            if (name.startsWith(owner + "/")) {
                scratch.remove(name).close();
            }
        }
    }

    @Override
    public void declareCopy(String owner, String of) {
        Map<String, Buffer> copied = new LinkedHashMap<>();
        buffers.forEach((name, buffer) -> {
            if (name.startsWith(of + "/")) {
                copied.put(owner + name.substring(of.length()), buffer);
            }
        });
        if (copied.isEmpty()) {
            throw new IllegalArgumentException("there is no owner '" + of + "' whose tensors could be copied");
        }
        copied.forEach((name, buffer) -> {
            if (!buffers.containsKey(name)) {
                Buffer copy = backend.allocate(buffer.dtype(), buffer.shape());
                buffers.put(name, copy);
                copy.copyFrom(buffer);
            }
        });
    }

    private static void check(String name, Parameter parameter, Buffer known) {
        if (known.dtype() != parameter.dtype() || !known.shape().equals(parameter.shape())) {
            throw InputError.of(
                    "tensor '" + name + "' is " + known.dtype().label() + " " + known.shape() + ", expected "
                            + parameter.dtype().label() + " " + parameter.shape(),
                    "");
        }
    }

    /** The first tensor that lives only within a step and is not all zeros, as it has to be between steps; or empty. */
    public String leftWithinStep() {
        return withinStep.entrySet().stream()
                .filter(entry ->
                        Arrays.stream(Trial.Result.of(entry.getValue()).bits()).anyMatch(bits -> bits != 0))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private Buffer initialised(String name, Parameter parameter) {
        Buffer buffer = backend.allocate(parameter.dtype(), parameter.shape());
        parameter.initializer().fill(buffer, seed, name);
        return buffer;
    }

    @Override
    public Buffer buffer(String name) {
        Buffer buffer = buffers.getOrDefault(name, withinStep.getOrDefault(name, scratch.get(name)));
        if (buffer == null) {
            throw new IllegalArgumentException("there is no tensor '" + name + "', only " + buffers.keySet());
        }
        return buffer;
    }

    @Override
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }

    @Override
    public void counter(String name, long value) {
        counters.put(name, value);
    }

    @Override
    public void close() {
        buffers.values().forEach(Buffer::close);
        withinStep.values().forEach(Buffer::close);
        scratch.values().forEach(Buffer::close);
    }
}
