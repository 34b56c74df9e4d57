package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.kolotoc.backend.cpu.attention.AttentionWork;
import org.kolotoc.backend.cpu.attention.QueryBlocks;
import org.kolotoc.backend.cpu.codegen.KernelCode;
import org.kolotoc.backend.cpu.gemm.Compute;
import org.kolotoc.backend.cpu.gemm.Epilogue;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.gemm.MatmulShape;
import org.kolotoc.backend.cpu.gemm.Strides;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Op.AttentionPart;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;

/** A plan with its code and its scratch memory. */
final class CpuExecutable implements Executable {
    private final Program program;
    private final Plan plan;
    private final Workers workers;
    private final Arena arena = Arena.ofShared();
    /** Private memory of a thread. */
    private final long slotBytes;

    private long scratch;
    private ScratchPool pool;
    private final Map<Launch.Fused, KernelCode> kernels = new IdentityHashMap<>();
    private final Map<Launch.Fused, Long> partials = new IdentityHashMap<>();
    private final Map<MatmulShape, Gemm> products = new HashMap<>();
    private final Map<List<Object>, QueryBlocks> attentions = new HashMap<>();

    CpuExecutable(Program program, Plan plan, Workers workers) {
        this.program = program;
        this.plan = plan;
        this.workers = workers;
        long most = 0;
        for (Launch launch : plan.launches()) {
            switch (launch) {
                case Launch.Fused fused -> {
                    KernelCode code = KernelCode.of(fused);
                    kernels.put(fused, code);
                    most = Math.max(most, code.scratchBytes());
                }
                case Launch.Product product -> products.computeIfAbsent(shape(product), Gemm::create);
                case Launch.Attention attention ->
                    most = Math.max(most, blocks(attention).scratchBytes());
                case Launch.AttentionGradient gradient ->
                    most = Math.max(most, blocks(gradient).scratchBytes());
                case Launch.GatherRows _, Launch.ScatterRows _, Launch.Window _ -> {}
            }
        }
        this.slotBytes = most;
    }

    /** Takes the memory that a run needs, once. */
    private synchronized void reserve() {
        if (pool == null) {
            scratch = allocate(plan.scratchBytes());
            kernels.forEach((fused, code) -> partials.put(fused, allocate(FusedWork.partialBytes(fused, code))));
            long workspace = allocate(workspaceBytes());
            products.values().forEach(product -> product.lend(workspace));
            pool = new ScratchPool(workers.threads(), slotBytes, arena);
        }
    }

    /** Memory that products use one after the other. */
    private long workspaceBytes() {
        return products.values().stream().mapToLong(Gemm::workspaceBytes).max().orElse(0);
    }

    private long allocate(long bytes) {
        return arena.allocate(Math.max(CpuBuffer.ALIGNMENT, bytes), CpuBuffer.ALIGNMENT)
                .address();
    }

    @Override
    public Step bind(Map<String, Buffer> buffers) {
        reserve();
        Map<String, CpuBuffer> bound = new HashMap<>();
        program.inputs().forEach((name, tensor) -> bound.put(name, checked(name, tensor, buffers.get(name))));
        program.outputs().forEach((name, tensor) -> bound.put(name, checked(name, tensor, buffers.get(name))));
        long[] addresses = plan.buffers().stream()
                .mapToLong(buffer -> switch (buffer) {
                    case Plan.Buffer.Bound b -> bound.get(b.name()).address();
                    case Plan.Buffer.Scratch s -> scratch + s.offset();
                })
                .toArray();
        return new Launches(
                plan.launches().stream().map(launch -> work(launch, addresses)).toArray(Work[]::new));
    }

    /** One after the other, in the order of {@link Explanation#kernels}. */
    private record Launches(Work[] works) implements Step {
        @Override
        public void run() {
            for (Work work : works) {
                work.run();
            }
        }

        @Override
        public void run(long[] nanoseconds) {
            long before = System.nanoTime();
            for (int i = 0; i < works.length; i++) {
                works[i].run();
                long after = System.nanoTime();
                nanoseconds[i] = after - before;
                before = after;
            }
        }
    }

    private Work work(Launch launch, long[] addresses) {
        IntToLongFunction address = buffer -> addresses[buffer];
        return switch (launch) {
            case Launch.Fused fused ->
                new FusedWork(fused, kernels.get(fused), address, workers, pool, partials.get(fused));
            case Launch.Product product -> product(product, addresses);
            case Launch.Attention attention -> {
                AttentionWork work = AttentionWork.of(attention, blocks(attention), address, workers, pool);
                yield work::run;
            }
            case Launch.AttentionGradient gradient -> {
                AttentionWork work = AttentionWork.of(gradient, blocks(gradient), address, workers, pool);
                yield work::run;
            }
            case Launch.GatherRows gather -> RowWork.gather(gather, address, workers);
            case Launch.ScatterRows scatter -> RowWork.scatter(scatter, address, workers);
            case Launch.Window window -> RowWork.window(window, address);
        };
    }

    private CpuBuffer checked(String name, Tensor tensor, Buffer buffer) {
        if (!(buffer instanceof CpuBuffer cpu)
                || buffer.dtype() != tensor.dtype()
                || !buffer.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(
                    "'" + name + "' is " + tensor.dtype().label() + " " + tensor.shape()
                            + " on the cpu, got "
                            + (buffer == null ? "no buffer" : buffer.dtype().label() + " " + buffer.shape()));
        }
        return cpu;
    }

    private QueryBlocks blocks(Launch.Attention launch) {
        return attentions.computeIfAbsent(
                key(launch.heads(), List.of(launch.out())), _ -> QueryBlocks.of(launch, workers.threads()));
    }

    private QueryBlocks blocks(Launch.AttentionGradient launch) {
        List<Launch.Matrix> others = new ArrayList<>(List.of(launch.cotangent()));
        for (AttentionPart part : AttentionPart.values()) {
            others.add(launch.gradients().get(part));
        }
        return attentions.computeIfAbsent(key(launch.heads(), others), _ -> QueryBlocks.of(launch, workers.threads()));
    }

    /** What the products of a head depend on: sizes and distances from row to row, not places. */
    private static List<Object> key(Launch.Heads h, List<Launch.Matrix> others) {
        List<Object> key = new ArrayList<>(List.of(h.batch().get(1), h.m(), h.n(), h.d(), h.e(), h.causal()));
        List<Launch.Matrix> all = new ArrayList<>(List.of(h.queries(), h.keys(), h.values()));
        all.addAll(others);
        all.forEach(matrix -> key.add(
                matrix == null
                        ? List.of()
                        : List.of(matrix.row(), matrix.batchStrides().get(1))));
        return key;
    }

    private Work product(Launch.Product product, long[] addresses) {
        Gemm gemm = products.get(shape(product));
        long a = addresses[product.a().buffer()] + 4L * product.a().offset();
        long b = addresses[product.b().buffer()] + 4L * product.b().offset();
        long c = addresses[product.c().buffer()] + 4L * product.c().offset();
        long bias = product.hasBias() ? addresses[product.bias()] : 0;
        return () -> gemm.run(a, b, c, bias, workers);
    }

    private static MatmulShape shape(Launch.Product p) {
        return new MatmulShape(
                p.m(),
                p.n(),
                p.k(),
                p.batch().get(0),
                p.batch().get(1),
                strides(p.a()),
                strides(p.b()),
                strides(p.c()),
                false,
                p.hasBias() ? Epilogue.BIAS : Epilogue.NONE,
                switch (p.precision()) {
                    case F32 -> Compute.F32;
                    case BF16 -> Compute.BF16;
                });
    }

    private static Strides strides(Launch.Matrix matrix) {
        return new Strides(
                matrix.row(),
                matrix.column(),
                matrix.batchStrides().get(0),
                matrix.batchStrides().get(1));
    }

    @Override
    public Explanation explain() {
        return plan.explain(
                program,
                kernels.entrySet().stream()
                        .mapToLong(kernel -> FusedWork.partialBytes(kernel.getKey(), kernel.getValue()))
                        .reduce(workers.threads() * slotBytes + workspaceBytes(), Long::sum));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            products.values().forEach(Gemm::close);
            attentions.values().forEach(QueryBlocks::close);
            arena.close();
        }
    }
}
