package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.kolotoc.backend.cpu.attention.AttentionWork;
import org.kolotoc.backend.cpu.codegen.KernelCode;
import org.kolotoc.backend.cpu.convolution.Convolver;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;

/** Gives the launches of a plan their addresses: buffers of the caller, and memory that only this step uses. */
final class Binding {
    /** Bytes of a work on the heap, and of each address that it has. Measured. */
    private static final long WORK = 160;

    private static final long ADDRESS = 8;

    private final CompiledPlan compiled;
    private final Workers workers;
    private final Arena memory;
    private final long[] addresses;
    private final ScratchPool scratch;
    private final long workspace;
    /** Products of one shape run one after the other, with the same operands pointed elsewhere. */
    private final Map<Gemm, Gemm.Call> products = new HashMap<>();

    private final Map<Convolver, Convolver.Call> convolutions = new HashMap<>();
    /** Products that keep something of an operand. */
    private final Map<Launch.Product, Gemm.Call> keeping = new IdentityHashMap<>();

    /** What is done for these before the plan runs several times. */
    private final Map<Launch.Product, Work> first = new IdentityHashMap<>();

    private final Map<Launch.Fused, Long> partials = new IdentityHashMap<>();
    private final Map<Launch.Loop, Binding> bodies = new IdentityHashMap<>();

    private Binding(CompiledPlan compiled, Workers workers, Arena memory, ScratchPool scratch, long workspace) {
        this.compiled = compiled;
        this.workers = workers;
        this.memory = memory;
        this.scratch = scratch;
        this.workspace = workspace;
        this.addresses = new long[compiled.plan().buffers().size()];
    }

    /**
     * The launches of a plan, ready to run.
     *
     * @param memory for what the step has to itself
     */
    static List<Work> of(CompiledPlan compiled, Map<String, CpuBuffer> buffers, Workers workers, Arena memory) {
        long block = allocate(memory, compiled.plan().scratchBytes());
        long workspace = allocate(memory, compiled.workspaceBytes());
        long slot = AlignedMemory.aligned(compiled.slotBytes());
        ScratchPool scratch = new ScratchPool(workers.threads(), slot, allocate(memory, workers.threads() * slot));
        Binding binding = new Binding(compiled, workers, memory, scratch, workspace);
        binding.place(block, name -> buffers.get(name).address());
        return compiled.plan().launches().stream().map(binding::work).toList();
    }

    /**
     * Says where the buffers are, for launches that are bound from here on.
     *
     * @param block of scratch buffers
     * @param bound the addresses of bound ones by name
     */
    private void place(long block, ToLongFunction<String> bound) {
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = switch (compiled.plan().buffers().get(i)) {
                case Plan.Buffer.Bound buffer -> bound.applyAsLong(buffer.name());
                case Plan.Buffer.Scratch part -> block + part.offset();
                case Plan.Buffer.Literal literal -> compiled.literal(literal);
            };
        }
    }

    private static long allocate(Arena memory, long bytes) {
        return AlignedMemory.allocate(memory, bytes, "a step of the program").address();
    }

    private long address(int buffer) {
        return addresses[buffer];
    }

    private Work work(Launch launch) {
        return switch (launch) {
            case Launch.Fused fused -> {
                KernelCode code = compiled.kernel(fused);
                long partial =
                        partials.computeIfAbsent(fused, _ -> allocate(memory, FusedWork.partialBytes(fused, code)));
                yield new FusedWork(fused, code, this::address, workers, scratch, partial);
            }
            case Launch.Product product -> product(product);
            case Launch.Convolution convolution -> convolution(convolution);
            case Launch.Attention attention -> AttentionWork.of(attention, this::address, workers, scratch)::run;
            case Launch.AttentionGradient gradient -> AttentionWork.of(gradient, this::address, workers, scratch)::run;
            case Launch.GatherRows gather -> RowWork.gather(gather, this::address, workers);
            case Launch.ScatterRows scatter -> RowWork.scatter(scatter, this::address, workers);
            case Launch.GatherAlong gather -> AxisWork.gather(gather, this::address, workers);
            case Launch.ScatterAlong scatter -> AxisWork.scatter(scatter, this::address, workers);
            case Launch.Scan scan -> AxisWork.scan(scan, this::address, workers);
            case Launch.Order order -> AxisWork.order(order, this::address, workers, scratch);
            case Launch.Window window -> RowWork.window(window, this::address);
            case Launch.Loop loop -> loop(loop);
        };
    }

    /** Launches of the body that touch what is cut into steps are bound for each of them, the others once. */
    private Work loop(Launch.Loop loop) {
        Binding body = bodies.computeIfAbsent(
                loop, _ -> new Binding(compiled.body(loop), workers, memory, scratch, workspace));
        long block = loop.scratch() == Launch.Loop.NO_SCRATCH ? 0 : addresses[loop.scratch()];
        List<Launch> launches = loop.body().launches();
        Work[][] works = new Work[launches.size()][];
        for (int step = 0; step < loop.steps(); step++) {
            int time = loop.time(step);
            body.place(block, name -> {
                Launch.Place place = loop.places().get(name);
                return addresses[place.buffer()] + (long) DType.BYTES * place.stride() * time;
            });
            for (int i = 0; i < works.length; i++) {
                if (step == 0) {
                    works[i] = new Work[isCut(loop, launches.get(i)) ? loop.steps() : 1];
                }
                if (step < works[i].length) {
                    works[i][step] = body.work(launches.get(i));
                }
            }
        }
        Work[] before = body.first.values().toArray(Work[]::new);
        // A step of a loop around this one has operands elsewhere.
        body.first.clear();
        return new LoopWork(loop, this::address, before, works);
    }

    /** Heap that works of loops take, bound for each of their steps; what is bound once is not worth counting. */
    static long heapBytes(List<Launch> launches) {
        return launches.stream()
                .mapToLong(launch -> launch instanceof Launch.Loop loop ? heapBytes(loop) : 0)
                .sum();
    }

    private static long heapBytes(Launch.Loop loop) {
        return loop.body().launches().stream()
                .mapToLong(launch -> {
                    long times = isCut(loop, launch) ? loop.steps() : 1;
                    return launch instanceof Launch.Loop inner
                            ? times * heapBytes(inner)
                            : times > 1
                                    ? times * (WORK + ADDRESS * launch.buffers().size())
                                    : 0;
                })
                .sum();
    }

    private static boolean isCut(Launch.Loop loop, Launch launch) {
        return launch.buffers().stream()
                .map(loop.body().buffers()::get)
                .anyMatch(buffer -> buffer instanceof Plan.Buffer.Bound bound
                        && loop.places().get(bound.name()).stride() > 0);
    }

    private Work product(Launch.Product product) {
        long a = address(product.a());
        long b = address(product.b());
        Gemm.Call call;
        if (compiled.keptBytes(product) > 0) {
            call = keeping.computeIfAbsent(product, this::keeping);
            first.putIfAbsent(product, () -> call.keep(a, b, workers));
        } else {
            call = products.computeIfAbsent(compiled.product(product), this::call);
        }
        long c = address(product.c());
        long bias = product.hasBias() ? addresses[product.bias()] : 0;
        return () -> call.run(a, b, c, bias, workers);
    }

    /** One that keeps what its constant operands are when the plan begins. */
    private Gemm.Call keeping(Launch.Product product) {
        long kept = allocate(memory, compiled.keptBytes(product));
        Gemm.Call call = compiled.product(product).call(memory, compiled.constant(product), kept);
        call.lend(workspace);
        return call;
    }

    private Work convolution(Launch.Convolution launch) {
        Convolver.Call call = convolutions.computeIfAbsent(
                compiled.convolver(launch), convolver -> convolver.call(workers.threads(), memory));
        long images = address(launch.images());
        long weights = addresses[launch.weights()];
        long result = address(launch.result());
        return () -> call.run(images, weights, result, workspace, workers, scratch);
    }

    private long address(Launch.Planes planes) {
        return addresses[planes.buffer()] + (long) Float.BYTES * planes.offset();
    }

    private Gemm.Call call(Gemm gemm) {
        Gemm.Call call = gemm.call(memory);
        call.lend(workspace);
        return call;
    }

    private long address(Launch.Matrix matrix) {
        return addresses[matrix.buffer()] + (long) Float.BYTES * matrix.offset();
    }
}
