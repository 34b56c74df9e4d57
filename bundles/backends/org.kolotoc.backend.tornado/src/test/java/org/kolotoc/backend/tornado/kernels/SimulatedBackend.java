package org.kolotoc.backend.tornado.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Elements;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Lifetime;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;

/** Runs programs by the generated kernels on the JVM: what a device would compute, without one. */
final class SimulatedBackend implements Backend {
    private final boolean library;
    private final boolean smallArrays;
    private final Map<String, SimulatedKernel.Code> classes = new ConcurrentHashMap<>();
    private final Lifetime lifetime = new Lifetime("the backend");

    /**
     * One that has closed nothing.
     *
     * @param library whether matrix products are left to a library, as on devices that have one
     * @param smallArrays whether arrays are as small as a program lets them be, so that it needs as many as it can
     */
    SimulatedBackend(boolean library, boolean smallArrays) {
        this.library = library;
        this.smallArrays = smallArrays;
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
        return lifetime.use(() -> new ArrayBuffer(dtype, shape));
    }

    @Override
    public Executable compile(Program program) {
        return lifetime.use(() -> new Simulation(program));
    }

    @Override
    public void close() {
        lifetime.end(() -> {});
    }

    private final class Simulation implements Executable {
        private final Program program;
        private final Plan plan;
        private final PlanKernels kernels;
        private final List<Consumer<Object[]>> simulated;
        private final Lifetime lifetime = new Lifetime("the program");

        Simulation(Program program) {
            this.program = program;
            int most = smallArrays ? fewest(program) : Placement.MOST_ELEMENTS;
            this.plan = PlanKernels.plan(program, most);
            this.kernels = PlanKernels.of(program, plan, library, most);
            this.simulated = kernels.tasks().stream()
                    .<Consumer<Object[]>>map(task -> switch (task) {
                        case LibraryProduct product -> new SimulatedLibrary(product)::run;
                        case GeneratedKernel kernel -> {
                            if (!classes.containsKey(kernel.className())) {
                                KernelRules.check(kernel);
                            }
                            yield new SimulatedKernel(kernel, classes)::run;
                        }
                    })
                    .toList();
        }

        /** Elements of the smallest arrays that no value and no kernel is too large for, but for a factor of two. */
        private int fewest(Program program) {
            int largest = PlanKernels.plan(program).buffers().stream()
                    .mapToInt(Plan.Buffer::size)
                    .max()
                    .orElse(0);
            for (int most = Math.max(16, Math.ceilDiv(largest, 16) * 16); ; most = Math.multiplyExact(most, 2)) {
                try {
                    PlanKernels.of(program, PlanKernels.plan(program, most), library, most);
                    return most;
                } catch (UnsupportedOperationException tooLarge) {
                    // Kernels keep more for themselves than any value has, or take more arrays than a task may.
                }
            }
        }

        private <T> T inUse(Supplier<T> work) {
            return SimulatedBackend.this.lifetime.use(() -> lifetime.use(work));
        }

        @Override
        public Step bind(Map<String, Buffer> buffers) {
            return inUse(() -> bound(program.bound(buffers, ArrayBuffer.class)));
        }

        private Step bound(Map<String, ArrayBuffer> buffers) {
            Map<DeviceMemory, Object> arrays = new HashMap<>();
            kernels.elements().forEach((memory, elements) -> arrays.put(memory, rubbish(memory, elements)));
            writeLiterals(arrays);
            List<Object[]> arguments = kernels.tasks().stream()
                    .map(task -> task.arguments().stream().map(arrays::get).toArray())
                    .toList();
            Object oneAtATime = new Object();
            return () -> inUse(() -> {
                synchronized (oneAtATime) {
                    run(arrays, arguments, buffers);
                }
                return null;
            });
        }

        private void run(Map<DeviceMemory, Object> arrays, List<Object[]> arguments, Map<String, ArrayBuffer> buffers) {
            Map<String, Object> open = new HashMap<>();
            buffers.forEach((name, buffer) -> open.put(name, buffer.elements()));
            copy(program.inputs().keySet(), arrays, open, true);
            for (int i = 0; i < simulated.size(); i++) {
                simulated.get(i).accept(arguments.get(i));
            }
            copy(program.outputs().keySet(), arrays, open, false);
            copy(program.updates().keySet(), arrays, open, false);
        }

        private void writeLiterals(Map<DeviceMemory, Object> arrays) {
            for (int i = 0; i < plan.buffers().size(); i++) {
                if (plan.buffers().get(i) instanceof Plan.Buffer.Literal(Elements literal)) {
                    PlanKernels.Place place = kernels.places().get(i);
                    Object all = elements(arrays.get(place.memory()));
                    MemorySegment array = all instanceof float[] floats
                            ? MemorySegment.ofArray(floats)
                            : MemorySegment.ofArray((int[]) all);
                    literal.copyTo(array.asSlice((long) DType.BYTES * place.offset()));
                }
            }
        }

        /** Between buffers and where they lie. */
        private void copy(
                Set<String> names, Map<DeviceMemory, Object> arrays, Map<String, Object> buffers, boolean up) {
            for (int i = 0; i < plan.buffers().size(); i++) {
                if (plan.buffers().get(i) instanceof Plan.Buffer.Bound bound && names.contains(bound.name())) {
                    PlanKernels.Place place = kernels.places().get(i);
                    Object there = elements(arrays.get(place.memory()));
                    Object here = buffers.get(bound.name());
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
            return inUse(() -> plan.explain(program, 0));
        }

        @Override
        public void close() {
            lifetime.end(() -> {});
        }
    }

    private static Object rubbish(DeviceMemory memory, int elements) {
        if (memory.floating()) {
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

    /** Launches of a program, for tests of what it becomes. */
    static List<Launch> launches(Program program) {
        return PlanKernels.plan(program).launches();
    }

    private static final class ArrayBuffer implements Buffer {
        private final DType dtype;
        private final Shape shape;
        private volatile Object elements;

        ArrayBuffer(DType dtype, Shape shape) {
            this.dtype = dtype;
            this.shape = shape;
            this.elements = dtype == DType.F32 ? new float[shape.size()] : new int[shape.size()];
        }

        Object elements() {
            Object open = elements;
            if (open == null) {
                throw new IllegalStateException("the buffer was closed");
            }
            return open;
        }

        @Override
        public DType dtype() {
            return dtype;
        }

        @Override
        public Shape shape() {
            return shape;
        }

        @Override
        public void write(float[] values) {
            copy(values, 0, elements(), 0, whole(values.length));
        }

        @Override
        public void write(int[] values) {
            dtype.requireValues(values);
            copy(values, 0, elements(), 0, whole(values.length));
        }

        @Override
        public void write(int first, float[] values) {
            copy(values, 0, elements(), first, values.length);
        }

        @Override
        public void write(int first, int[] values) {
            dtype.requireValues(values);
            copy(values, 0, elements(), first, values.length);
        }

        @Override
        public void read(float[] values) {
            copy(elements(), 0, values, 0, whole(values.length));
        }

        @Override
        public void read(int[] values) {
            copy(elements(), 0, values, 0, whole(values.length));
        }

        @Override
        public void read(int first, float[] values) {
            copy(elements(), first, values, 0, values.length);
        }

        @Override
        public void read(int first, int[] values) {
            copy(elements(), first, values, 0, values.length);
        }

        @Override
        public void copyFrom(Buffer other) {
            if (other instanceof ArrayBuffer same && same.dtype == dtype && same.shape.equals(shape)) {
                copy(same.elements(), 0, elements(), 0, shape.size());
            } else {
                Buffer.super.copyFrom(other);
            }
        }

        private int whole(int length) {
            if (length != shape.size()) {
                throw new IllegalArgumentException("the buffer holds " + shape.size() + " elements, not " + length);
            }
            return length;
        }

        private static void copy(Object from, int at, Object to, int place, int count) {
            try {
                System.arraycopy(from, at, to, place, count);
            } catch (IndexOutOfBoundsException | ArrayStoreException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        public void close() {
            elements = null;
        }
    }
}
