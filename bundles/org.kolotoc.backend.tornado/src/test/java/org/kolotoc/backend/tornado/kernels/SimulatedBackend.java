package org.kolotoc.backend.tornado.kernels;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
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
    private final boolean library;

    /** @param library whether matrix products are left to a library, as on devices that have one */
    SimulatedBackend(boolean library) {
        this.library = library;
    }

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
        PlanKernels kernels = PlanKernels.of(program, plan, library);
        List<DeviceTask> all = kernels.tasks();
        List<Consumer<Object[]>> simulated = all.stream()
                .<Consumer<Object[]>>map(task -> switch (task) {
                    case LibraryProduct product -> new SimulatedLibrary(product)::run;
                    case GeneratedKernel kernel -> {
                        KernelRules.check(kernel);
                        yield new SimulatedKernel(kernel)::run;
                    }
                })
                .toList();
        return new Executable() {
            @Override
            public Step bind(Map<String, Buffer> buffers) {
                program.inputs().forEach((name, tensor) -> check(name, tensor, buffers));
                program.outputs().forEach((name, tensor) -> check(name, tensor, buffers));
                Map<DeviceMemory, Object> arrays = new EnumMap<>(DeviceMemory.class);
                kernels.elements().forEach((memory, elements) -> arrays.put(memory, rubbish(memory, elements)));
                List<Object[]> arguments = all.stream()
                        .map(kernel ->
                                kernel.arguments().stream().map(arrays::get).toArray())
                        .toList();
                return () -> {
                    copy(program.inputs().keySet(), arrays, buffers, true);
                    for (int i = 0; i < simulated.size(); i++) {
                        simulated.get(i).accept(arguments.get(i));
                    }
                    copy(program.outputs().keySet(), arrays, buffers, false);
                    copy(program.updates().keySet(), arrays, buffers, false);
                };
            }

            /** Between buffers and where they lie. */
            private void copy(
                    Set<String> names, Map<DeviceMemory, Object> arrays, Map<String, Buffer> buffers, boolean up) {
                for (int i = 0; i < plan.buffers().size(); i++) {
                    if (plan.buffers().get(i) instanceof Plan.Buffer.Bound bound && names.contains(bound.name())) {
                        PlanKernels.Place place = kernels.places().get(i);
                        Object there = elements(arrays.get(place.memory()));
                        Object here = elements(((ArrayBuffer) buffers.get(bound.name())).array);
                        System.arraycopy(
                                up ? here : there,
                                up ? 0 : place.offset(),
                                up ? there : here,
                                up ? place.offset() : 0,
                                bound.size());
                    }
                }
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

    private static Object rubbish(DeviceMemory memory, int elements) {
        if (memory.isFloating()) {
            SimulatedFloats floats = new SimulatedFloats(Math.max(1, elements));
            Arrays.fill(floats.elements, Float.NaN);
            return floats;
        }
        SimulatedInts ints = new SimulatedInts(Math.max(1, elements));
        Arrays.fill(ints.elements, 0x5EADBEEF);
        return ints;
    }

    private static Object elements(Object array) {
        return array instanceof SimulatedFloats floats ? floats.elements : ((SimulatedInts) array).elements;
    }

    private static void check(String name, Tensor tensor, Map<String, Buffer> buffers) {
        Buffer buffer = buffers.get(name);
        if (!(buffer instanceof ArrayBuffer)
                || buffer.dtype() != tensor.dtype()
                || !buffer.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(name + " is " + tensor + ", got " + buffer);
        }
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
