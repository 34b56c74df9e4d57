package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Runs programs by the generated kernels on the JVM: what a device would compute, without one. */
final class SimulatedBackend implements Backend {
    @Override
    public String id() {
        return "simulated";
    }

    @Override
    public String device() {
        return "generated kernels on the JVM";
    }

    @Override
    public Buffer allocate(DType dtype, Shape shape) {
        return new ArrayBuffer(dtype, shape);
    }

    @Override
    public Executable compile(Program program) {
        Plan plan = Compiler.compileWithoutAttention(program);
        PlanKernels kernels = PlanKernels.of(plan);
        kernels.launches().stream().flatMap(List::stream).forEach(KernelRules::check);
        List<SimulatedKernel> simulated = new ArrayList<>();
        List<GeneratedKernel> all =
                kernels.launches().stream().flatMap(List::stream).toList();
        all.forEach(kernel -> simulated.add(new SimulatedKernel(kernel)));
        return new Executable() {
            @Override
            public Step bind(Map<String, Buffer> buffers) {
                Map<String, Object> arrays = new HashMap<>();
                program.inputs().forEach((name, tensor) -> arrays.put(name, array(name, tensor, buffers)));
                program.outputs().forEach((name, tensor) -> arrays.put(name, array(name, tensor, buffers)));
                SimulatedFloats floats = new SimulatedFloats(Math.max(1, kernels.floats()));
                Arrays.fill(floats.elements, Float.NaN);
                SimulatedInts ints = new SimulatedInts(Math.max(1, kernels.ints()));
                Arrays.fill(ints.elements, 0x5EADBEEF);
                List<Object[]> arguments = new ArrayList<>();
                for (GeneratedKernel kernel : all) {
                    arguments.add(kernel.arguments().stream()
                            .map(memory -> switch (memory) {
                                case DeviceMemory.Bound bound ->
                                    arrays.get(
                                            ((Plan.Buffer.Bound) plan.buffers().get(bound.buffer())).name());
                                case DeviceMemory.FloatScratch _ -> floats;
                                case DeviceMemory.IntScratch _ -> ints;
                            })
                            .toArray());
                }
                return () -> {
                    for (int i = 0; i < simulated.size(); i++) {
                        simulated.get(i).run(arguments.get(i));
                    }
                };
            }

            @Override
            public Explanation explain() {
                List<Explanation.Kernel> kernels = plan.launches().stream()
                        .map(launch -> new Explanation.Kernel(
                                launch.getClass().getSimpleName(), launch.name(), "", launch.flops(), launch.bytes()))
                        .toList();
                long bound = plan.buffers().stream()
                        .filter(Plan.Buffer.Bound.class::isInstance)
                        .mapToLong(buffer -> 4L * buffer.size())
                        .sum();
                return new Explanation(kernels, 0, bound, plan.scratchBytes(), plan.unsharedBytes(), plan.holdings());
            }

            @Override
            public void close() {}
        };
    }

    private static Object array(String name, Tensor tensor, Map<String, Buffer> buffers) {
        Buffer buffer = buffers.get(name);
        if (!(buffer instanceof ArrayBuffer array)
                || buffer.dtype() != tensor.dtype()
                || !buffer.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(name + " is " + tensor + ", got " + buffer);
        }
        return array.array;
    }

    /** Launches of a program, for tests of what it becomes. */
    static List<Launch> launches(Program program) {
        return Compiler.compileWithoutAttention(program).launches();
    }

    private record ArrayBuffer(DType dtype, Shape shape, Object array) implements Buffer {
        ArrayBuffer(DType dtype, Shape shape) {
            this(
                    dtype,
                    shape,
                    dtype == DType.F32
                            ? new SimulatedFloats(Math.max(1, shape.size()))
                            : new SimulatedInts(Math.max(1, shape.size())));
        }

        @Override
        public void write(float[] values) {
            copy(values, 0, floats(), 0, values.length, true);
        }

        @Override
        public void write(int[] values) {
            copy(values, 0, ints(), 0, values.length, true);
        }

        @Override
        public void write(int first, float[] values) {
            copy(values, 0, floats(), first, values.length, false);
        }

        @Override
        public void write(int first, int[] values) {
            copy(values, 0, ints(), first, values.length, false);
        }

        @Override
        public void read(float[] values) {
            copy(floats(), 0, values, 0, values.length, true);
        }

        @Override
        public void read(int[] values) {
            copy(ints(), 0, values, 0, values.length, true);
        }

        @Override
        public void read(int first, float[] values) {
            copy(floats(), first, values, 0, values.length, false);
        }

        @Override
        public void read(int first, int[] values) {
            copy(ints(), first, values, 0, values.length, false);
        }

        private float[] floats() {
            if (dtype != DType.F32) {
                throw new IllegalArgumentException("the buffer holds " + dtype.label() + ", not f32");
            }
            return ((SimulatedFloats) array).elements;
        }

        private int[] ints() {
            if (dtype == DType.F32) {
                throw new IllegalArgumentException("the buffer holds f32");
            }
            return ((SimulatedInts) array).elements;
        }

        private void copy(Object from, int at, Object to, int place, int count, boolean whole) {
            if (whole && count != shape.size() || Math.max(at, place) + count > shape.size()) {
                throw new IllegalArgumentException("the buffer holds " + shape.size() + " elements, not " + count);
            }
            System.arraycopy(from, at, to, place, count);
        }

        @Override
        public void close() {}
    }
}
