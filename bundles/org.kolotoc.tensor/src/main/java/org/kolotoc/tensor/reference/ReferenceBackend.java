package org.kolotoc.tensor.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
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
        return new HeapBuffer(dtype, shape);
    }

    @Override
    public Executable compile(Program program) {
        return new Interpreter(program);
    }

    /** The elements of a buffer of this backend, live and in full precision. */
    public static double[] elements(Buffer buffer) {
        return ((HeapBuffer) buffer).elements;
    }

    private final class Interpreter implements Executable {
        private final Program program;

        Interpreter(Program program) {
            this.program = program;
        }

        @Override
        public Step bind(Map<String, Buffer> buffers) {
            Map<String, HeapBuffer> bound = new HashMap<>();
            program.inputs().forEach((name, tensor) -> bound.put(name, checked(name, tensor, buffers.get(name))));
            program.outputs().forEach((name, tensor) -> bound.put(name, checked(name, tensor, buffers.get(name))));
            return new Step() {
                @Override
                public void run() {
                    run(new long[program.nodes().size()]);
                }

                @Override
                public void run(long[] nanoseconds) {
                    interpret(bound, nanoseconds);
                }
            };
        }

        private HeapBuffer checked(String name, Tensor tensor, Buffer buffer) {
            if (!(buffer instanceof HeapBuffer heap)
                    || buffer.dtype() != tensor.dtype()
                    || !buffer.shape().equals(tensor.shape())) {
                throw new IllegalArgumentException(
                        "'" + name + "' is " + tensor.dtype().label() + " " + tensor.shape() + ", got "
                                + (buffer == null ? "no buffer" : buffer.dtype().label() + " " + buffer.shape()));
            }
            return heap;
        }

        /** Leaves are no kernels: reading them takes no time. */
        private void interpret(Map<String, HeapBuffer> bound, long[] nanoseconds) {
            Map<Tensor, double[]> values = new HashMap<>();
            int kernel = 0;
            for (Tensor node : program.nodes()) {
                long began = System.nanoTime();
                double[] result = node.op() instanceof Op.Input input
                        ? bound.get(input.name()).elements.clone()
                        : Meaning.of(
                                node, node.operands().stream().map(values::get).toList());
                if (precision == Precision.SINGLE && node.dtype() == DType.F32) {
                    for (int i = 0; i < result.length; i++) {
                        result[i] = (float) result[i];
                    }
                }
                values.put(node, result);
                if (!(node.op() instanceof Op.Input)) {
                    nanoseconds[kernel++] = System.nanoTime() - began;
                }
            }
            program.outputs().forEach((name, tensor) -> copy(values.get(tensor), bound.get(name)));
            program.updates().forEach((name, tensor) -> copy(values.get(tensor), bound.get(name)));
        }

        private static void copy(double[] from, HeapBuffer to) {
            System.arraycopy(from, 0, to.elements, 0, from.length);
        }

        @Override
        public Explanation explain() {
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
                    List.of(new Explanation.Holding("every value", scratch)));
        }

        private static long flops(Tensor node) {
            return switch (node.op()) {
                case Op.MatMul _ ->
                    2L * node.shape().size() * node.operand(0).shape().extent(-1);
                case Op.Attention _, Op.AttentionGradient _ -> {
                    long products = node.op() instanceof Op.Attention ? 2 : 3;
                    Shape keys = node.operand(1).shape();
                    yield products * 2 * node.operand(0).shape().size() * keys.extent(-2);
                }
                case Op.Unary _, Op.Binary _ -> node.shape().size();
                case Op.Reduce _ -> node.operand(0).shape().size();
                default -> 0;
            };
        }

        @Override
        public void close() {}
    }
}
