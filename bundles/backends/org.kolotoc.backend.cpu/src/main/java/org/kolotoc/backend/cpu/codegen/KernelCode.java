package org.kolotoc.backend.cpu.codegen;

import java.util.List;
import java.util.function.IntToLongFunction;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.ReduceKind;

/**
 * A fused launch as code and arguments. Sizes, strides, addresses and constants are arguments, so launches of equal
 * structure share one class whatever their shapes: it is generated, and compiled by HotSpot, once in a process.
 */
public final class KernelCode {
    /** The most columns that a call takes of a row that may be cut; a whole number of vectors. */
    public static final int MOST_COLUMNS = 8192;

    /** The most elements of a row: the column behind its last block, and behind the last part of it, is counted too. */
    public static final int LONGEST_ROW = Integer.MAX_VALUE - MOST_COLUMNS;

    private final Launch.Fused launch;
    private final List<Instruction.ColumnReduce> columns;
    private final KernelClass code;

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
        this.code = KernelCache.SHARED.of(launch);
    }

    /** Whether a launch is one row of independent elements, which is run in parts; all other rows are run whole. */
    public static boolean cutsRows(Launch.Fused launch) {
        return launch.outer().isEmpty()
                && launch.body().stream()
                        .noneMatch(i -> i instanceof Instruction.RowReduce || i instanceof Instruction.ColumnReduce);
    }

    public Kernel kernel() {
        return code.kernel();
    }

    /**
     * Whether the next call should be a small one. HotSpot counts calls and turns of loops; a kernel that is called for
     * single rows is compiled after some hundred of them, one that is called for many stays slow for much longer.
     */
    public boolean isYoung() {
        return code.isYoung();
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
     * What the kernel is given with each call.
     *
     * @param address of a buffer of the plan
     */
    public long[] arguments(IntToLongFunction address) {
        return new Arguments(launch).values(launch, address);
    }

    /** Virtual registers that HotSpot's first compiler takes for it, about; see {@link HotSpotLimit}. */
    public int registers() {
        return code.registers();
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
        return Addresses.STAGE_BYTES + code.rowBuffers() * rowBytes(longest);
    }

    private static long rowBytes(int inner) {
        return ((long) inner * Float.BYTES + Lanes.BYTES - 1) / Lanes.BYTES * Lanes.BYTES;
    }
}
