package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.kolotoc.backend.cpu.attention.AttentionWork;
import org.kolotoc.backend.cpu.codegen.KernelCode;
import org.kolotoc.backend.cpu.convolution.Convolution;
import org.kolotoc.backend.cpu.convolution.Convolver;
import org.kolotoc.backend.cpu.gemm.Compute;
import org.kolotoc.backend.cpu.gemm.Epilogue;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.gemm.MatmulShape;
import org.kolotoc.backend.cpu.gemm.Strides;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Origin;

/** A plan, its literals, and the code of its launches, which knows no addresses: all steps share it. */
final class CompiledPlan {
    private final Plan plan;
    private final Predicate<Plan.Buffer> constant;
    private final Arena arena;
    private final Map<Launch.Fused, KernelCode> kernels = new IdentityHashMap<>();
    private final Map<MatmulShape, Gemm> products = new HashMap<>();
    private final Map<Convolution, Convolver> convolutions = new HashMap<>();
    private final Map<Launch.Loop, CompiledPlan> bodies = new IdentityHashMap<>();
    private final Map<Plan.Buffer.Literal, Long> literals = new HashMap<>();
    private final long slotBytes;

    /** @param arena for literals and what the code has outside the heap */
    CompiledPlan(Plan plan, Arena arena) {
        this(plan, _ -> false, arena);
    }

    /** @param constant tells buffers that stay as they are from run to run */
    private CompiledPlan(Plan plan, Predicate<Plan.Buffer> constant, Arena arena) {
        this.plan = plan;
        this.constant = constant;
        this.arena = arena;
        long most = 0;
        for (Launch launch : plan.launches()) {
            switch (launch) {
                case Launch.Fused fused -> {
                    requireCountable(fused);
                    KernelCode code = KernelCode.of(fused);
                    kernels.put(fused, code);
                    most = Math.max(most, code.scratchBytes());
                }
                case Launch.Product product ->
                    products.computeIfAbsent(shape(product), shape -> Gemm.create(shape, arena));
                case Launch.Convolution convolution ->
                    most = Math.max(most, convolver(convolution).scratchBytes());
                case Launch.Attention attention -> most = Math.max(most, AttentionWork.scratchBytes(attention));
                case Launch.AttentionGradient gradient -> most = Math.max(most, AttentionWork.scratchBytes(gradient));
                case Launch.Order order -> most = Math.max(most, AxisWork.scratchBytes(order));
                case Launch.Loop loop -> {
                    CompiledPlan body = new CompiledPlan(loop.body(), buffer -> isCaptured(loop, buffer), arena);
                    bodies.put(loop, body);
                    most = Math.max(most, body.slotBytes());
                }
                case Launch.GatherRows _,
                        Launch.ScatterRows _,
                        Launch.GatherAlong _,
                        Launch.ScatterAlong _,
                        Launch.Scan _,
                        Launch.Window _ -> {}
            }
        }
        this.slotBytes = most;
        for (Plan.Buffer buffer : plan.buffers()) {
            if (buffer instanceof Plan.Buffer.Literal literal) {
                MemorySegment memory =
                        AlignedMemory.allocate(arena, (long) DType.BYTES * literal.size(), "literals of the program");
                literal.elements().copyTo(memory);
                literals.put(literal, memory.address());
            }
        }
    }

    /** Whether steps of a loop find in a buffer of its body what all other steps do. */
    private static boolean isCaptured(Launch.Loop loop, Plan.Buffer buffer) {
        return switch (buffer) {
            case Plan.Buffer.Bound bound -> {
                Launch.Place place = loop.places().get(bound.name());
                yield place.stride() == 0
                        && loop.carries().stream().noneMatch(carry -> carry.buffer() == place.buffer());
            }
            case Plan.Buffer.Literal _ -> true;
            case Plan.Buffer.Scratch _ -> false;
        };
    }

    private void requireCountable(Launch.Fused launch) {
        if (launch.inner() > KernelCode.LONGEST_ROW) {
            Origin origin = plan.origins().get(launch.name());
            throw new UnsupportedOperationException(
                    launch.name() + ": a row of " + launch.inner() + " elements is longer than the "
                            + KernelCode.LONGEST_ROW + " that kernels of the cpu backend count"
                            + (origin == null ? "" : origin.suffix()));
        }
    }

    Plan plan() {
        return plan;
    }

    /** Where the elements of a literal are. */
    long literal(Plan.Buffer.Literal literal) {
        return literals.get(literal);
    }

    KernelCode kernel(Launch.Fused launch) {
        return kernels.get(launch);
    }

    Gemm product(Launch.Product launch) {
        return products.get(shape(launch));
    }

    /** Which operands of a product stay the same over all runs between which its plan is begun anew. */
    Gemm.Constant constant(Launch.Product launch) {
        return new Gemm.Constant(
                constant.test(plan.buffers().get(launch.a().buffer())),
                constant.test(plan.buffers().get(launch.b().buffer())));
    }

    /** Bytes of what is made once of operands that stay the same; 0 where nothing is. */
    long keptBytes(Launch.Product launch) {
        return product(launch).keptBytes(constant(launch));
    }

    Convolver convolver(Launch.Convolution launch) {
        return convolutions.computeIfAbsent(
                Convolution.of(launch), convolution -> Convolver.create(convolution, arena));
    }

    CompiledPlan body(Launch.Loop launch) {
        return bodies.get(launch);
    }

    /** Private memory that a thread needs. */
    long slotBytes() {
        return slotBytes;
    }

    /** Memory that products and convolutions use one after the other. */
    long workspaceBytes() {
        return Stream.of(
                        products.values().stream().mapToLong(Gemm::workspaceBytes),
                        convolutions.values().stream().mapToLong(Convolver::workspaceBytes),
                        bodies.values().stream().mapToLong(CompiledPlan::workspaceBytes))
                .flatMapToLong(bytes -> bytes)
                .max()
                .orElse(0);
    }

    /** What a step takes beside the plan's scratch buffers. */
    long bytesOfStep(int threads) {
        return Binding.heapBytes(plan.launches()) + arenaBytes(threads);
    }

    /** The part of it that lies outside the heap. */
    private long arenaBytes(int threads) {
        return AlignedMemory.allocated(plan.scratchBytes())
                - plan.scratchBytes()
                + callBytes(threads)
                + AlignedMemory.allocated(workspaceBytes())
                + AlignedMemory.allocated(threads * AlignedMemory.aligned(slotBytes));
    }

    /** What launches have to themselves, those of loops too. */
    private long callBytes(int threads) {
        long partials = kernels.entrySet().stream()
                .mapToLong(
                        kernel -> AlignedMemory.allocated(FusedWork.partialBytes(kernel.getKey(), kernel.getValue())))
                .sum();
        long calls = convolutions.values().stream()
                        .mapToLong(convolver -> convolver.callBytes(threads))
                        .sum()
                + productBytes();
        return partials
                + calls
                + bodies.values().stream()
                        .mapToLong(body -> body.callBytes(threads))
                        .sum();
    }

    /** Products of one shape share what they are called with, but for those that keep something of their operands. */
    private long productBytes() {
        Set<Gemm> shared = new HashSet<>();
        long bytes = 0;
        for (Launch launch : plan.launches()) {
            if (launch instanceof Launch.Product product) {
                long kept = keptBytes(product);
                if (kept > 0 || shared.add(product(product))) {
                    bytes += product(product).callBytes() + (kept > 0 ? AlignedMemory.allocated(kept) : 0);
                }
            }
        }
        return bytes;
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
                    case TF32 -> Compute.TF32;
                });
    }

    private static Strides strides(Launch.Matrix matrix) {
        return new Strides(
                matrix.row(),
                matrix.column(),
                matrix.batchStrides().get(0),
                matrix.batchStrides().get(1));
    }
}
