package org.kolotoc.backend.cpu.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Instruction.Affine;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.ReduceKind;

/**
 * A fused launch as code and arguments. Sizes, strides and addresses are arguments, so launches of equal structure share
 * one class whatever their shapes: it is generated, and compiled by HotSpot, once in a process.
 */
public final class KernelCode {
    private static final Map<Launch.Fused, Shared> CACHE = new ConcurrentHashMap<>();

    /** The most columns that a call takes of a row that may be cut; a whole number of vectors. */
    public static final int MOST_COLUMNS = 8192;

    /** Calls after which HotSpot has been asked for its best code; see {@link #isYoung}. */
    private static final int YOUNG = 2000;

    private static final class Shared {
        private final Kernel kernel;
        private final int buffers;
        /** Counted without care: threads may lose a few. */
        private int calls;

        private Shared(Kernel kernel, int buffers) {
            this.kernel = kernel;
            this.buffers = buffers;
        }
    }

    private final Launch.Fused launch;
    private final List<Instruction.ColumnReduce> columns;
    private final Shared shared;

    /** The code of a launch, from the cache if one of equal structure was there before. */
    public static KernelCode of(Launch.Fused launch) {
        return new KernelCode(launch);
    }

    private KernelCode(Launch.Fused launch) {
        this.launch = launch;
        this.columns = launch.body().stream()
                .filter(Instruction.ColumnReduce.class::isInstance)
                .map(Instruction.ColumnReduce.class::cast)
                .toList();
        Launch.Fused structure = new Launch.Fused(
                "",
                launch.outer().stream().map(_ -> 1).toList(),
                KernelWriter.structure(launch),
                launch.body().stream().map(KernelCode::structure).toList(),
                0,
                0);
        this.shared = CACHE.computeIfAbsent(structure, key -> {
            KernelWriter writer = new KernelWriter(key);
            return new Shared(writer.write(), writer.rowBuffers());
        });
    }

    /** Whether a launch is one row of independent elements, which is run in parts; all other rows are run whole. */
    public static boolean cutsRows(Launch.Fused launch) {
        return launch.outer().isEmpty()
                && launch.body().stream()
                        .noneMatch(i -> i instanceof Instruction.RowReduce || i instanceof Instruction.ColumnReduce);
    }

    /** An instruction without the numbers that are arguments. */
    private static Instruction structure(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load load -> new Instruction.Load(0, structure(load.at()), load.dtype());
            case Instruction.Index index -> new Instruction.Index(structure(index.at()));
            case Instruction.Store store ->
                new Instruction.Store(0, structure(store.at()), store.operand(), store.dtype());
            case Instruction.ColumnReduce reduce ->
                new Instruction.ColumnReduce(reduce.kind(), 0, 0, reduce.operand(), reduce.dtype());
            default -> instruction;
        };
    }

    /** Of each stride only whether it is 0, and of the inner one whether it is 1. */
    private static Affine structure(Affine at) {
        return new Affine(
                0,
                at.outerStrides().stream().map(stride -> stride == 0 ? 0 : 1).toList(),
                at.innerStride() == 0 || at.innerStride() == 1 ? at.innerStride() : 2);
    }

    public Kernel kernel() {
        return shared.kernel;
    }

    /**
     * Whether the next call should be a small one. HotSpot counts calls and turns of loops; a kernel that is called for
     * single rows is compiled after some hundred of them, one that is called for many stays slow for much longer.
     */
    public boolean isYoung() {
        return shared.calls < YOUNG && shared.calls++ < YOUNG;
    }

    /** Puts accumulators of column reductions at what sums and maxima begin with. */
    public void clear(long accumulators) {
        for (int i = 0; i < columns.size(); i++) {
            boolean sum = columns.get(i).kind() == ReduceKind.SUM;
            int floating = Float.floatToRawIntBits(sum ? 0 : Float.NEGATIVE_INFINITY);
            int whole = sum ? 0 : Integer.MIN_VALUE;
            int first = columns.get(i).dtype() == DType.F32 ? floating : whole;
            Lanes.fill(accumulators + i * columnStride(), (int) (columnStride() / Float.BYTES), first);
        }
    }

    /**
     * The numbers that the kernel takes, in the order in which {@link KernelWriter} reads them: extents of the outer
     * axes, then for each access or index its start, its outer strides that are not 0, and its inner stride if it is
     * neither 0 nor 1. Addresses and their strides are in bytes.
     *
     * @param address of a buffer of the plan
     */
    public long[] arguments(IntToLongFunction address) {
        List<Long> arguments = new ArrayList<>();
        launch.outer().forEach(extent -> arguments.add((long) extent));
        for (Instruction instruction : launch.body()) {
            switch (instruction) {
                case Instruction.Load load ->
                    add(arguments, load.at(), address.applyAsLong(load.buffer()), Float.BYTES);
                case Instruction.Store store ->
                    add(arguments, store.at(), address.applyAsLong(store.buffer()), Float.BYTES);
                case Instruction.Index index -> add(arguments, index.at(), 0, 1);
                default -> {}
            }
        }
        return arguments.stream().mapToLong(Long::longValue).toArray();
    }

    private static void add(List<Long> arguments, Affine at, long base, long unit) {
        arguments.add(base + unit * at.offset());
        for (int stride : at.outerStrides()) {
            if (stride != 0) {
                arguments.add(unit * stride);
            }
        }
        if (at.innerStride() != 0 && at.innerStride() != 1) {
            arguments.add(unit * at.innerStride());
        }
    }

    /** Column reductions, in the order of their accumulators. */
    public List<Instruction.ColumnReduce> columnReductions() {
        return columns;
    }

    /** Bytes of a row of accumulators. */
    public long columnStride() {
        return rowBytes(launch.inner());
    }

    /** Memory that a thread needs while it runs the kernel. */
    public long scratchBytes() {
        int longest = cutsRows(launch) ? Math.min(launch.inner(), MOST_COLUMNS) : launch.inner();
        return Addresses.STAGE_BYTES + shared.buffers * rowBytes(longest);
    }

    private static long rowBytes(int inner) {
        return ((long) inner * Float.BYTES + Lanes.BYTES - 1) / Lanes.BYTES * Lanes.BYTES;
    }
}
