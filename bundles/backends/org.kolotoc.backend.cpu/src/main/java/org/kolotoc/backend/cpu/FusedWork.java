package org.kolotoc.backend.cpu;

import java.util.List;
import java.util.function.IntToLongFunction;
import org.kolotoc.backend.cpu.codegen.Kernel;
import org.kolotoc.backend.cpu.codegen.KernelCode;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.compiler.Launch;

/**
 * Runs a fused kernel: its rows, or its one long row, in pieces of a size that follows from the shape alone. Column
 * reductions are added up piece by piece and then over the pieces, in order.
 */
final class FusedWork implements Work, Workers.Task {
    /** Elements of a piece: enough to be worth waking a thread for. */
    private static final int PIECE = KernelCode.MOST_COLUMNS;
    /** Most pieces of a kernel with column reductions: each has accumulators of its own. */
    private static final int MOST_PARTIAL_SUMS = 16;

    /** Columns that a call takes while HotSpot still counts calls; a whole number of vectors. */
    private static final int YOUNG_COLUMNS = 256;

    private final KernelCode code;
    private final Kernel kernel;
    private final long[] arguments;
    private final Workers workers;
    private final ScratchPool scratch;
    private final int rows;
    private final int inner;
    private final boolean byColumns;
    private final int pieceSize;
    private final int pieces;
    private final List<Instruction.ColumnReduce> reductions;
    private final long columnStride;
    private final long partial;
    private final long[] totals;

    /**
     * Binds a kernel.
     *
     * @param address of a buffer of the plan
     * @param partial memory of {@link #partialBytes}
     */
    FusedWork(
            Launch.Fused launch,
            KernelCode code,
            IntToLongFunction address,
            Workers workers,
            ScratchPool scratch,
            long partial) {
        this.code = code;
        this.kernel = code.kernel();
        this.arguments = code.arguments(address);
        this.workers = workers;
        this.scratch = scratch;
        this.rows = launch.rows();
        this.inner = launch.inner();
        this.reductions = code.columnReductions();
        this.columnStride = code.columnStride();
        this.partial = partial;
        this.totals = reductions.stream()
                .mapToLong(r -> address.applyAsLong(r.buffer()) + 4L * r.offset())
                .toArray();
        this.byColumns = KernelCode.cutsRows(launch);
        this.pieces = pieces(launch);
        int length = byColumns ? inner : rows;
        this.pieceSize = byColumns ? PIECE : Math.ceilDiv(length, Math.max(1, pieces));
    }

    static int pieces(Launch.Fused launch) {
        if (KernelCode.cutsRows(launch)) {
            return Math.ceilDiv(launch.inner(), PIECE);
        }
        int rows = launch.rows();
        boolean columns = launch.body().stream().anyMatch(Instruction.ColumnReduce.class::isInstance);
        int rowsOfPiece = Math.max(1, PIECE / Math.max(1, launch.inner()));
        int wanted = Math.ceilDiv(rows, rowsOfPiece);
        return columns ? Math.min(wanted, MOST_PARTIAL_SUMS) : wanted;
    }

    /** Where a piece ends; the sum of where it begins and of its size may be no int. */
    static int limit(int first, int size, int length) {
        return first + Math.min(size, length - first);
    }

    /** Memory for the sums of all pieces. */
    static long partialBytes(Launch.Fused launch, KernelCode code) {
        return code.columnReductions().size() * code.columnStride() * pieces(launch);
    }

    @Override
    public void run() {
        workers.run(this, pieces);
        for (int i = 0; i < totals.length; i++) {
            Columns.combine(
                    reductions.get(i),
                    partial + i * columnStride,
                    columnStride * totals.length,
                    pieces,
                    inner,
                    totals[i]);
        }
    }

    @Override
    public void run(int piece) {
        int first = piece * pieceSize;
        int limit = limit(first, pieceSize, byColumns ? inner : rows);
        long accumulators = partial + piece * columnStride * totals.length;
        code.clear(accumulators);
        int slot = scratch.acquire();
        try {
            while (first < limit) {
                int next = code.isYoung() ? Math.min(limit, first + (byColumns ? YOUNG_COLUMNS : 1)) : limit;
                if (byColumns) {
                    kernel.run(arguments, 0, 1, first, next, scratch.address(slot), accumulators);
                } else {
                    kernel.run(arguments, first, next, 0, inner, scratch.address(slot), accumulators);
                }
                first = next;
            }
        } finally {
            scratch.release(slot);
        }
    }
}
