package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kolotoc.backend.cpu.codegen.HotSpotLimit;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.HostMemory;
import org.kolotoc.tensor.Op.Precision;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What a step takes is what was said, and it is given back, also by one that could not be bound. */
class StepMemoryTest {
    private static final int THREADS = 3;

    /** Counts what is allocated, and has room for so many allocations. */
    private static final class Counting implements Arena {
        private final Arena arena = Arena.ofShared();
        private final int most;
        private int allocations;
        private long bytes;

        Counting(int most) {
            this.most = most;
        }

        @Override
        public MemorySegment allocate(long size, long alignment) {
            if (allocations++ == most) {
                throw new OutOfMemoryError("no more than " + most + " allocations");
            }
            bytes += size;
            return arena.allocate(size, alignment);
        }

        @Override
        public MemorySegment.Scope scope() {
            return arena.scope();
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    static Stream<Program> programs() {
        return Stream.of(training(), generation(), recurrent(Precision.F32), recurrent(Precision.BF16));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aStepTakesWhatWasSaid(Program program) {
        Plan plan = Compiler.compile(program, new HotSpotLimit());
        Map<String, Buffer> buffers = new HashMap<>();
        try (CpuBackend backend = new CpuBackend(THREADS);
                Workers workers = new Workers(THREADS);
                Arena code = Arena.ofShared();
                Counting memory = new Counting(Integer.MAX_VALUE)) {
            allocate(backend, program, buffers);
            CompiledPlan compiled = new CompiledPlan(plan, code);
            Binding.of(compiled, program.bound(buffers, CpuBuffer.class), workers, memory)
                    .forEach(Work::run);
            try (Executable executable = backend.compile(program)) {
                assertEquals(executable.explain().scratchBytes(), memory.bytes + Binding.heapBytes(plan.launches()));
            }
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    /** Whichever allocation it is that fails. */
    @ParameterizedTest
    @MethodSource("programs")
    void aStepWithoutRoomGivesBackWhatItHad(Program program) {
        Plan plan = Compiler.compile(program, new HotSpotLimit());
        Map<String, Buffer> buffers = new HashMap<>();
        try (CpuBackend backend = new CpuBackend(THREADS);
                Workers workers = new Workers(THREADS);
                Arena code = Arena.ofShared()) {
            allocate(backend, program, buffers);
            CompiledPlan compiled = new CompiledPlan(plan, code);
            Map<String, CpuBuffer> bound = program.bound(buffers, CpuBuffer.class);
            for (int most = 0; ; most++) {
                Counting memory = new Counting(most);
                try {
                    CpuExecutable.step(compiled, bound, workers, memory, List.of());
                    memory.close();
                    assertTrue(most > 2, most + " allocations");
                    break;
                } catch (DeviceFailure | OutOfMemoryError _) {
                    assertFalse(memory.scope().isAlive(), "after " + most + " allocations");
                }
            }
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    @Test
    void whatCouldNotBeBoundHoldsNothing() {
        takesNothing(10, (backend, executable, buffers) -> {
            Buffer closed = backend.allocate(DType.F32, LARGE);
            closed.close();
            Map<String, Buffer> some = new HashMap<>(buffers);
            some.put("x", closed);
            assertThrows(IllegalStateException.class, () -> executable.bind(some));
            some.remove("x");
            assertThrows(IllegalArgumentException.class, () -> executable.bind(some));
        });
    }

    @Test
    void whatWasClosedHoldsNothing() {
        takesNothing(10, (backend, _, buffers) -> {
            try (Executable another = backend.compile(large())) {
                Executable.Step step = another.bind(buffers);
                step.run();
            }
        });
    }

    @Test
    void aStepWhoseBufferWasClosedHoldsNothing() {
        takesNothing(10, (backend, executable, buffers) -> {
            Buffer last = backend.allocate(DType.F32, LARGE);
            Map<String, Buffer> some = new HashMap<>(buffers);
            some.put("x", last);
            executable.bind(some);
            last.close();
        });
    }

    /** Something that may leak a step. */
    private interface Attempt {
        void make(CpuBackend backend, Executable executable, Map<String, Buffer> buffers);
    }

    /** Each step has 32 MB of scratch memory, so leaks are seen. */
    private static void takesNothing(int times, Attempt attempt) {
        Program program = large();
        Map<String, Buffer> buffers = new HashMap<>();
        try (CpuBackend backend = new CpuBackend(1);
                Executable executable = backend.compile(program)) {
            long scratch = executable.explain().scratchBytes();
            assertTrue(scratch >= 2 * LARGE.bytes());
            allocate(backend, program, buffers);
            attempt.make(backend, executable, buffers);
            long before = HostMemory.now(0).overhead();
            for (int i = 0; i < times; i++) {
                attempt.make(backend, executable, buffers);
            }
            long more = HostMemory.now(0).overhead() - before;
            assertTrue(more < scratch * times / 2, () -> times + " times " + scratch + " bytes: " + more + " are held");
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    private static final Shape LARGE = Shape.of(2_000, 2_000);

    private static Program large() {
        Tracer tracer = new Tracer();
        Tensor x = tracer.feed("x", DType.F32, LARGE);
        tracer.output("y", Tensor.concat(0, List.of(x.neg(), x.exp())).sum(0));
        return tracer.program();
    }

    /** Products of all kinds, attention, sums of rows and columns. */
    private static Program training() {
        Tracer t = new Tracer();
        Tensor x = t.feed("x", DType.F32, Shape.of(2, 70, 48));
        List<Tensor> weights = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            weights.add(t.state("w" + i, DType.F32, Shape.of(48, 48)));
        }
        Tensor heads = x.matmul(weights.get(0)).reshape(2, 70, 3, 16).transpose(0, 2, 1, 3);
        Tensor attended = Functions.attention(heads, heads, heads, 0.25, true)
                .transpose(0, 2, 1, 3)
                .reshape(2, 70, 48);
        Tensor rounded;
        try (Tracer.Scope _ = t.products(Precision.BF16)) {
            rounded = attended.matmul(weights.get(1));
        }
        Tensor loss =
                Functions.gelu(rounded).matmul(weights.get(2).matrixTranspose()).sum();
        List<Tensor> gradients = Gradients.of(loss, weights);
        for (int i = 0; i < weights.size(); i++) {
            t.update(weights.get(i), weights.get(i).sub(gradients.get(i).mul(0.1)));
        }
        t.output("loss", loss);
        return t.program();
    }

    /** Loops whose bodies have products, attention and sums of columns. */
    private static Program recurrent(Precision precision) {
        Tracer t = new Tracer();
        try (Tracer.Scope _ = t.products(precision)) {
            recurrent(t);
        }
        return t.program();
    }

    private static void recurrent(Tracer t) {
        Tensor x = t.feed("x", DType.F32, Shape.of(5, 70, 48));
        Tensor w = t.state("w", DType.F32, Shape.of(48, 48));
        Tensor outputs = Scan.over(List.of(x.sum(0)), List.of(x), step -> {
                    Tensor heads = step.carry(0).reshape(70, 3, 16).transpose(1, 0, 2);
                    Tensor read = Functions.attention(heads, heads, heads, 0.25, true)
                            .transpose(1, 0, 2)
                            .reshape(70, 48);
                    Tensor shift = step.tracer().iota(Shape.of(3, 1), 0).cast(DType.F32);
                    Tensor next =
                            read.matmul(step.capture(w)).add(step.input(0)).tanh();
                    return new Scan.Next(
                            List.of(next), List.of(next.sum(0).reshape(3, 16).add(shift)));
                })
                .outputs()
                .getFirst();
        Tensor loss = outputs.sin().sum();
        t.update(w, w.sub(Gradients.of(loss, List.of(w)).getFirst().mul(0.1)));
        t.output("loss", loss);
    }

    /** The weight of all steps, forwards and backwards. */
    @Test
    void ofProductsInALoopWhatStaysIsRoundedOnce() {
        assertEquals(List.of(true), kept(Precision.BF16));
        assertEquals(List.of(false), kept(Precision.F32));
    }

    /** Whether something is kept for the products of its loops: each answer that there is. */
    private static List<Boolean> kept(Precision precision) {
        Plan plan = Compiler.compile(recurrent(precision), new HotSpotLimit());
        try (Arena code = Arena.ofShared()) {
            CompiledPlan compiled = new CompiledPlan(plan, code);
            return Stream.of(plan)
                    .flatMap(outer -> outer.launches().stream())
                    .filter(Launch.Loop.class::isInstance)
                    .map(Launch.Loop.class::cast)
                    .flatMap(loop -> loop.body().launches().stream()
                            .filter(Launch.Product.class::isInstance)
                            .map(Launch.Product.class::cast)
                            .map(product -> compiled.body(loop).keptBytes(product) > 0))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    /** What works of each step take lies on the heap: no arena counts it. */
    @Test
    void aLongLoopTakesWhatWasSaid() {
        int steps = 30_000;
        Tracer t = new Tracer();
        Tensor x = t.feed("x", DType.F32, Shape.of(steps, 4, 8));
        t.output("y", overTime(x, t.state("w", DType.F32, Shape.of(8, 8))));
        long said = takesWhatWasSaid(t.program());
        assertTrue(said > 100L * steps, () -> said + " bytes");
    }

    /** For each step of the outer one the works of the inner one are bound anew. */
    @Test
    void aLoopInALoopTakesWhatWasSaid() {
        int steps = 150;
        Tracer t = new Tracer();
        Tensor x = t.feed("x", DType.F32, Shape.of(steps, steps, 4, 8));
        Tensor w = t.state("w", DType.F32, Shape.of(8, 8));
        t.output(
                "y",
                Scan.over(List.of(), List.of(x), step -> {
                            Tensor inner = overTime(step.input(0), step.capture(w));
                            return new Scan.Next(List.of(), List.of(inner));
                        })
                        .outputs()
                        .getFirst());
        long said = takesWhatWasSaid(t.program());
        assertTrue(said > 100L * steps * steps, () -> said + " bytes");
    }

    /** {@code [time, 4, 8]} to {@code [time, 8]}. */
    private static Tensor overTime(Tensor x, Tensor w) {
        return Scan.over(List.of(x.tracer().constant(0, DType.F32, Shape.of(4, 8))), List.of(x), step -> {
                    Tensor next = step.input(0)
                            .matmul(step.capture(w))
                            .add(step.carry(0))
                            .tanh();
                    return new Scan.Next(List.of(next), List.of(next.sum(0)));
                })
                .outputs()
                .getFirst();
    }

    private static long takesWhatWasSaid(Program program) {
        Map<String, Buffer> buffers = new HashMap<>();
        try (CpuBackend backend = new CpuBackend(1);
                Executable executable = backend.compile(program)) {
            allocate(backend, program, buffers);
            long said = Binding.heapBytes(
                    Compiler.compile(program, new HotSpotLimit()).launches());
            assertTrue(executable.explain().scratchBytes() > said, () -> said + " bytes");
            long before = usedHeap();
            Executable.Step step = executable.bind(buffers);
            long took = usedHeap() - before;
            assertTrue(took < said && took > said / 3, () -> "took " + took + ", said " + said);
            step.run();
            return said;
        } finally {
            buffers.values().forEach(Buffer::close);
        }
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** One token: products and attention of one row. */
    private static Program generation() {
        Tracer t = new Tracer();
        Tensor x = t.feed("x", DType.F32, Shape.of(1, 640));
        Tensor hidden = x.matmul(t.state("w", DType.F32, Shape.of(640, 1280)));
        Tensor keys = t.state("keys", DType.F32, Shape.of(1, 4, 90, 320));
        Tensor query = hidden.reshape(1, 4, 1, 320);
        t.output("y", Functions.attention(query, keys, keys, 0.1, false));
        t.output("z", hidden.matmul(t.state("v", DType.F32, Shape.of(300, 1280)).matrixTranspose()));
        return t.program();
    }

    private static void allocate(CpuBackend backend, Program program, Map<String, Buffer> buffers) {
        Stream.of(program.inputs(), program.outputs())
                .forEach(leaves -> leaves.forEach(
                        (name, leaf) -> buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape()))));
    }
}
