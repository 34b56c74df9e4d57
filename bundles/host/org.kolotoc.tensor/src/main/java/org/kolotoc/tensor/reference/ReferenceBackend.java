package org.kolotoc.tensor.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Lifetime;
import org.kolotoc.tensor.Loop;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/**
 * Interprets programs one operation at a time. Inside an operation everything is double; what a node keeps of it is the
 * {@link Precision}.
 */
public final class ReferenceBackend implements Backend {

    /** What a node keeps of an {@code f32} result. */
    public enum Precision {
        /** Rounded to single, as on a device. */
        SINGLE,
        /** All of it, which makes finite differences sharp. States and outputs keep it too. */
        DOUBLE
    }

    private final Precision precision;
    private final Lifetime lifetime = new Lifetime("the backend");

    public ReferenceBackend(Precision precision) {
        this.precision = precision;
    }

    /** A backend that rounds to single. */
    public ReferenceBackend() {
        this(Precision.SINGLE);
    }

    @Override
    public String id() {
        return "reference";
    }

    @Override
    public String device() {
        return "interpreter, one thread, " + precision.name().toLowerCase(java.util.Locale.ROOT) + " precision";
    }

    @Override
    public Buffer allocate(DType dtype, Shape shape) {
        return lifetime.use(() -> new HeapBuffer(dtype, shape));
    }

    @Override
    public Executable compile(Program program) {
        return lifetime.use(() -> new Interpreter(program));
    }

    @Override
    public void close() {
        lifetime.end(() -> {});
    }

    /** The elements of a buffer of this backend, live and in full precision. */
    public static double[] elements(Buffer buffer) {
        return ((HeapBuffer) buffer).elements();
    }

    private final class Interpreter implements Executable {
        private final Program program;
        private final Lifetime lifetime = new Lifetime("the program");

        /** Leaves are none: reading them takes no time. */
        private final int kernels;

        Interpreter(Program program) {
            this.program = program;
            this.kernels = (int) program.nodes().stream()
                    .filter(node -> !(node.op() instanceof Op.Input))
                    .count();
        }

        @Override
        public Step bind(Map<String, Buffer> buffers) {
            return inUse(() -> new Bound(program.bound(buffers, HeapBuffer.class)));
        }

        private <T> T inUse(Supplier<T> work) {
            return ReferenceBackend.this.lifetime.use(() -> lifetime.use(work));
        }

        private final class Bound implements Step {
            private final Map<String, HeapBuffer> buffers;

            Bound(Map<String, HeapBuffer> buffers) {
                this.buffers = buffers;
            }

            @Override
            public void run() {
                run(new long[kernels]);
            }

            @Override
            public synchronized void run(long[] nanoseconds) {
                if (nanoseconds.length != kernels) {
                    throw new IllegalArgumentException(
                            "the program has " + kernels + " kernels, got room for " + nanoseconds.length + " times");
                }
                inUse(() -> {
                    Map<String, double[]> elements = new HashMap<>();
                    buffers.forEach((name, buffer) -> elements.put(name, buffer.elements()));
                    interpret(elements, nanoseconds);
                    return null;
                });
            }
        }

        private void interpret(Map<String, double[]> bound, long[] nanoseconds) {
            Map<Tensor, double[]> values = new HashMap<>();
            int kernel = 0;
            for (Tensor node : program.nodes()) {
                long began = System.nanoTime();
                try {
                    add(node, program, values, bound);
                } catch (OutOfMemoryError e) {
                    throw new DeviceFailure(
                            "the heap has no room for " + node + " in double precision"
                                    + node.origin().suffix(),
                            e);
                }
                if (!(node.op() instanceof Op.Input)) {
                    nanoseconds[kernel++] = System.nanoTime() - began;
                }
            }
            program.outputs().forEach((name, tensor) -> copy(values.get(tensor), bound.get(name)));
            program.updates().forEach((name, tensor) -> copy(values.get(tensor), bound.get(name)));
        }

        /** A value of a program; all results of a loop with the first of them. */
        private void add(Tensor node, Program program, Map<Tensor, double[]> values, Map<String, double[]> bound) {
            if (values.containsKey(node)) {
                return;
            }
            if (node.op() instanceof Op.Scan(Loop loop, Loop.Part _)) {
                values.putAll(ScanSemantics.of(
                        resultsOf(node, program),
                        node.operands().stream().map(values::get).toList(),
                        inputs -> {
                            Map<Tensor, double[]> step = new HashMap<>();
                            loop.body().nodes().forEach(inner -> add(inner, loop.body(), step, inputs));
                            return step;
                        }));
                return;
            }
            values.put(node, value(node, values, bound));
        }

        private static List<Tensor> resultsOf(Tensor node, Program program) {
            Loop loop = ((Op.Scan) node.op()).loop();
            return program.nodes().stream()
                    .filter(other -> other.op() instanceof Op.Scan scan
                            && scan.loop() == loop
                            && other.operands().equals(node.operands()))
                    .toList();
        }

        private double[] value(Tensor node, Map<Tensor, double[]> values, Map<String, double[]> bound) {
            double[] value = node.op() instanceof Op.Input input
                    ? bound.get(input.name()).clone()
                    : Semantics.of(
                            node, node.operands().stream().map(values::get).toList());
            if (precision == Precision.SINGLE && node.dtype() == DType.F32) {
                for (int i = 0; i < value.length; i++) {
                    value[i] = (float) value[i];
                }
            }
            return value;
        }

        private static void copy(double[] from, double[] to) {
            System.arraycopy(from, 0, to, 0, from.length);
        }

        @Override
        public Explanation explain() {
            return inUse(this::explained);
        }

        private Explanation explained() {
            List<Explanation.Kernel> kernels = new ArrayList<>();
            long scratch = 0;
            long states = 0;
            long feeds = 0;
            for (Tensor node : program.nodes()) {
                long bytes = node.shape().bytes();
                if (node.op() instanceof Op.Input input) {
                    states += input.state() ? bytes : 0;
                    feeds += input.state() ? 0 : bytes;
                    continue;
                }
                scratch += bytes;
                long read = node.operands().stream()
                        .mapToLong(o -> o.shape().bytes())
                        .sum();
                kernels.add(new Explanation.Kernel(
                        "interpreted",
                        "%" + node.id(),
                        node + " " + node.origin().layer(),
                        flops(node),
                        read + bytes));
            }
            long outputs = program.outputs().values().stream()
                    .mapToLong(output -> output.shape().bytes())
                    .sum();
            return new Explanation(
                    kernels,
                    states,
                    feeds + outputs,
                    scratch,
                    scratch,
                    List.of(new Explanation.LiveAtPeak("every value", scratch)));
        }

        private long flops(Tensor node) {
            return flops(node, program);
        }

        private static long flops(Tensor node, Program program) {
            return switch (node.op()) {
                case Op.Scan(Loop loop, Loop.Part _)
                when resultsOf(node, program).getFirst() == node ->
                    loop.steps()
                            * loop.body().nodes().stream()
                                    .mapToLong(inner -> flops(inner, loop.body()))
                                    .sum();
                case Op.Unary _, Op.Binary _ -> node.shape().size();
                case Op.Reduce _ -> node.operand(0).shape().size();
                default -> (long) program.flops(node);
            };
        }

        @Override
        public void close() {
            lifetime.end(() -> {});
        }
    }
}
