package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.backend.cpu.attention.AttentionWork;
import org.kolotoc.backend.cpu.attention.QueryBlocks;
import org.kolotoc.backend.cpu.codegen.KernelCode;
import org.kolotoc.backend.cpu.convolution.Convolver;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;

/** Gives the launches of a plan their addresses: buffers of the caller, and memory that only this step uses. */
final class Binding {
    private final CompiledPlan compiled;
    private final Workers workers;
    private final Arena memory;
    private final long[] addresses;
    private final ScratchPool scratch;
    private final long workspace;
    /** Products of one shape run one after the other, with the same operands pointed elsewhere. */
    private final Map<Gemm, Gemm.Call> products = new HashMap<>();

    private final Map<Convolver, Convolver.Call> convolutions = new HashMap<>();
    private final Map<QueryBlocks, QueryBlocks.Calls> attentions = new HashMap<>();

    private Binding(CompiledPlan compiled, Map<String, CpuBuffer> buffers, Workers workers, Arena memory) {
        this.compiled = compiled;
        this.workers = workers;
        this.memory = memory;
        long block = allocate(compiled.plan().scratchBytes());
        this.addresses = compiled.plan().buffers().stream()
                .mapToLong(buffer -> switch (buffer) {
                    case Plan.Buffer.Bound bound -> buffers.get(bound.name()).address();
                    case Plan.Buffer.Scratch part -> block + part.offset();
                    case Plan.Buffer.Literal literal -> compiled.literal(literal);
                })
                .toArray();
        this.workspace = allocate(compiled.workspaceBytes());
        long slot = HostMemory.aligned(compiled.slotBytes());
        this.scratch = new ScratchPool(workers.threads(), slot, allocate(workers.threads() * slot));
    }

    /**
     * The launches of a plan, ready to run.
     *
     * @param memory for what the step has to itself
     */
    static List<Work> of(CompiledPlan compiled, Map<String, CpuBuffer> buffers, Workers workers, Arena memory) {
        Binding binding = new Binding(compiled, buffers, workers, memory);
        return compiled.plan().launches().stream().map(binding::work).toList();
    }

    private long allocate(long bytes) {
        return HostMemory.allocate(memory, bytes, "a step of the program").address();
    }

    private long address(int buffer) {
        return addresses[buffer];
    }

    private Work work(Launch launch) {
        return switch (launch) {
            case Launch.Fused fused -> {
                KernelCode code = compiled.kernel(fused);
                long partial = allocate(FusedWork.partialBytes(fused, code));
                yield new FusedWork(fused, code, this::address, workers, scratch, partial);
            }
            case Launch.Product product -> product(product);
            case Launch.Convolution convolution -> convolution(convolution);
            case Launch.Attention attention -> {
                QueryBlocks blocks = compiled.blocks(attention);
                AttentionWork work =
                        AttentionWork.of(attention, blocks, calls(blocks), this::address, workers, scratch);
                yield work::run;
            }
            case Launch.AttentionGradient gradient -> {
                QueryBlocks blocks = compiled.blocks(gradient);
                AttentionWork work = AttentionWork.of(gradient, blocks, calls(blocks), this::address, workers, scratch);
                yield work::run;
            }
            case Launch.GatherRows gather -> RowWork.gather(gather, this::address, workers);
            case Launch.ScatterRows scatter -> RowWork.scatter(scatter, this::address, workers);
            case Launch.GatherAlong gather -> AxisWork.gather(gather, this::address, workers);
            case Launch.ScatterAlong scatter -> AxisWork.scatter(scatter, this::address, workers);
            case Launch.Scan scan -> AxisWork.scan(scan, this::address, workers);
            case Launch.Order order -> AxisWork.order(order, this::address, workers, scratch);
            case Launch.Window window -> RowWork.window(window, this::address);
        };
    }

    private QueryBlocks.Calls calls(QueryBlocks blocks) {
        return attentions.computeIfAbsent(blocks, _ -> blocks.calls(workers.threads(), memory));
    }

    private Work product(Launch.Product product) {
        Gemm.Call call = products.computeIfAbsent(compiled.product(product), this::call);
        long a = address(product.a());
        long b = address(product.b());
        long c = address(product.c());
        long bias = product.hasBias() ? addresses[product.bias()] : 0;
        return () -> call.run(a, b, c, bias, workers);
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
