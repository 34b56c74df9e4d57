package org.kolotoc.tck;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.Sample;
import org.kolotoc.api.probe.Derivation;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.api.probe.Reading;
import org.kolotoc.api.probe.Readings;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What the engine does for a probe, in memory: a program with its buffers, at which probes look. */
final class ProbeBed implements AutoCloseable {
    private static final int VOCAB = 5;
    private static final int WIDTH = 4;

    private final Backend backend = new ReferenceBackend();
    private final Program program;
    private final Executable executable;
    private final Map<String, Buffer> inputs = new TreeMap<>();

    /** @param seed of what feeds and states hold */
    ProbeBed(Program program, long seed) {
        this.program = program;
        this.executable = backend.compile(program);
        program.inputs().forEach((name, leaf) -> inputs.put(name, filled(name, leaf, seed)));
    }

    /** Of a language model with attention of two heads one step of gradient descent, with momentum. */
    static Program step() {
        Tracer trace = new Tracer();
        Tensor table = trace.state("model/table.weight", DType.F32, Shape.of(VOCAB, WIDTH));
        Tensor mixing = trace.state("model/mixing.weight", DType.F32, Shape.of(WIDTH, 3 * WIDTH));
        Tensor tokens = trace.feed("tokens", DType.I32, Shape.of(2, 3));
        Tensor x = table.gather(tokens);
        Tensor mixed;
        try (Tracer.Scope _ = trace.scope("attention")) {
            Tensor all = x.matmul(mixing).reshape(2, 3, 6, 2).transpose(0, 2, 1, 3);
            Tensor gathered = Functions.attention(all.slice(1, 0, 2), all.slice(1, 2, 4), all.slice(1, 4, 6), 1, true);
            mixed = x.add(gathered.transpose(0, 2, 1, 3).reshape(2, 3, WIDTH));
        }
        Tensor loss;
        try (Tracer.Scope _ = trace.scope("head")) {
            loss = Functions.mean(Functions.crossEntropy(mixed.matmul(table.matrixTranspose()), tokens));
        }
        List<Tensor> weights = List.of(table, mixing);
        List<Tensor> gradients = Gradients.of(loss, weights);
        for (int i = 0; i < weights.size(); i++) {
            Tensor weight = weights.get(i);
            Tensor memory = trace.state("bench/momentum" + i, DType.F32, weight.shape());
            Tensor next = memory.mul(0.9).add(gradients.get(i));
            trace.update(memory, next);
            trace.update(weight, weight.sub(next.mul(0.1)));
        }
        trace.output("loss", loss);
        return trace.program();
    }

    /** One that changes a state, and has neither model nor loss. */
    static Program counter() {
        Tracer trace = new Tracer();
        Tensor count = trace.state("bench/count", DType.F32, Shape.of(2));
        trace.update(count, count.add(1));
        return trace.program();
    }

    private Buffer filled(String name, Tensor leaf, long seed) {
        Buffer buffer = backend.allocate(leaf.dtype(), leaf.shape());
        CounterRandom random = new CounterRandom(seed, name);
        if (leaf.dtype() == DType.F32) {
            float[] values = new float[leaf.shape().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.normal(i);
            }
            buffer.write(values);
        } else {
            int[] values = new int[leaf.shape().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.integer(i, VOCAB);
            }
            buffer.write(values);
        }
        return buffer;
    }

    /** The bits of everything that the program runs on. */
    Map<String, List<Integer>> bits() {
        Map<String, List<Integer>> bits = new TreeMap<>();
        inputs.forEach((name, buffer) -> bits.put(
                name,
                java.util.Arrays.stream(Trial.Result.of(buffer).bits()).boxed().toList()));
        return bits;
    }

    /** What was read at once. */
    record Read(Map<String, Double> values, Map<String, List<Byte>> pictures) {}

    /** A probe that looked at the program. */
    final class Look implements AutoCloseable {
        private final Derivation derivation;
        private final Reading reading;
        private final Executable derived;
        private final Map<String, Buffer> outputs = new LinkedHashMap<>();
        private final Executable.Step step;

        private Look(Derivation derivation, Reading reading) {
            this.derivation = derivation;
            this.reading = reading;
            Program beside = derivation.program();
            this.derived = backend.compile(beside);
            Map<String, Buffer> all = new LinkedHashMap<>();
            beside.inputs().keySet().forEach(name -> all.put(name, inputs.get(name)));
            beside.outputs()
                    .forEach((name, value) -> outputs.put(name, backend.allocate(value.dtype(), value.shape())));
            all.putAll(outputs);
            this.step = derived.bind(all);
        }

        Read read() {
            step.run();
            Map<String, Double> values = new LinkedHashMap<>();
            Map<String, List<Byte>> pictures = new LinkedHashMap<>();
            reading.read(name -> outputs.get(derivation.outputs().get(name)), new Readings() {
                @Override
                public void put(String name, double value) {
                    values.put(name, value);
                }

                @Override
                public void picture(String name, Sample picture) {
                    List<Byte> bytes = new java.util.ArrayList<>();
                    for (byte one : picture.content()) {
                        bytes.add(one);
                    }
                    pictures.put(name, bytes);
                }
            });
            return new Read(values, pictures);
        }

        @Override
        public void close() {
            derived.close();
            outputs.values().forEach(Buffer::close);
        }
    }

    /** Lets a probe look; empty where it finds nothing. */
    <S extends Record> Optional<Look> look(Probe<S> probe, S settings) {
        Derivation derivation = new Derivation(program);
        ProbeContext context = new ProbeContext() {
            @Override
            public String name() {
                return "train";
            }

            @Override
            public Program program() {
                return program;
            }

            @Override
            public Tensor of(Tensor node) {
                return derivation.of(node);
            }

            @Override
            public void output(String name, Tensor value) {
                derivation.output(name, value);
            }

            @Override
            public boolean isWeight(String state) {
                return state.startsWith("model/");
            }

            @Override
            public Explanation explain() {
                return executable.explain();
            }

            @Override
            public Backend.Memory memory() {
                return backend.memory();
            }
        };
        return probe.prepare(settings, context).map(reading -> new Look(derivation, reading));
    }

    @Override
    public void close() {
        executable.close();
        inputs.values().forEach(Buffer::close);
    }
}
