package org.kolotoc.backend.cpu.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * Matrix products on the Java Vector API: runs on every processor, and has no cost per call to speak of.
 *
 * <p>C is cut into units of some hundred rows by one panel of columns. A unit packs {@value #TERMS} rows of its panel of
 * B, zeros behind the last column, so that the kernel reads B in order, and multiplies the rows of A by it four at a
 * time, reading A where it lies. Where only a few rows would profit from the packing, B is read where it lies as well.
 * Tails of columns go through a tile of whole vectors, tails of rows through a kernel for one row.
 */
final class VectorGemm implements Gemm {

    /** Terms of the sum that a packed panel holds. */
    private static final int TERMS = 256;
    /** Rows of a unit, about; enough that packing the panel costs little beside multiplying by it. */
    private static final int UNIT_ROWS = 192;
    /** Up to so many rows, B is read where it lies. */
    private static final int FEW_ROWS = 3 * Microkernels.ROWS;
    /** A piece is worth at least so much work: some microseconds. */
    private static final long PIECE_FLOPS = 1 << 19;

    private static final int L = Microkernels.LANES;
    private static final int WIDTH = Microkernels.VECTORS * L;

    private static final long PANEL_BYTES = 4L * TERMS * WIDTH;
    private static final long TILE_BYTES = 4L * Microkernels.ROWS * WIDTH;

    // The value is a class of the JDK: a thread that outlives this bundle keeps memory for a while, not the bundle.
    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(PANEL_BYTES + TILE_BYTES, 64));

    private final MatmulShape shape;
    private final int panels;
    private final int rowChunks;
    private final long units;
    private final long unitsPerPiece;
    private final int pieces;

    /** @throws IllegalArgumentException if the shape has an epilogue */
    VectorGemm(MatmulShape shape) {
        if (shape.epilogue() != Epilogue.NONE) {
            throw new IllegalArgumentException("epilogue: " + shape.epilogue() + ", expected NONE");
        }
        this.shape = shape;
        panels = Math.ceilDiv(shape.n(), WIDTH);
        rowChunks = Math.toIntExact(Math.max(1, (shape.m() + UNIT_ROWS / 2L) / UNIT_ROWS));
        units = shape.writes() ? (long) shape.outer() * shape.inner() * rowChunks * panels : 0;
        long unitFlops = units == 0 ? 1 : Math.max(1, shape.flops() / units);
        long atLeast = Math.max(PIECE_FLOPS / unitFlops, units / Workers.MAX_PIECES + 1);
        unitsPerPiece = Math.max(1, atLeast);
        pieces = (int) ((units + unitsPerPiece - 1) / unitsPerPiece);
    }

    @Override
    public MatmulShape shape() {
        return shape;
    }

    @Override
    public Call call(Arena arena) {
        return new Operands();
    }

    private final class Operands implements Call {
        private final Workers.Task task = piece -> runPiece(piece, this);
        private long a;
        private long b;
        private long c;

        @Override
        public void run(long a, long b, long c, long bias, Workers workers) {
            this.a = a;
            this.b = b;
            this.c = c;
            workers.run(task, pieces);
        }
    }

    private void runPiece(int piece, Operands at) {
        long end = Math.min(units, (piece + 1) * unitsPerPiece);
        for (long unit = piece * unitsPerPiece; unit < end; unit++) {
            runUnit(unit, at);
        }
    }

    private void runUnit(long unit, Operands at) {
        var s = shape;
        int panel = (int) (unit % panels);
        long rest = unit / panels;
        int chunk = (int) (rest % rowChunks);
        long batch = rest / rowChunks;
        long outer = batch / s.inner();
        long inner = batch % s.inner();

        int row = (int) ((long) s.m() * chunk / rowChunks);
        int rows = (int) ((long) s.m() * (chunk + 1) / rowChunks) - row;
        int column = panel * WIDTH;
        int columns = Math.min(WIDTH, s.n() - column);
        runBlock(
                at.a + 4 * (outer * s.a().outer() + inner * s.a().inner() + row * s.a().row()),
                at.b + 4 * (outer * s.b().outer() + inner * s.b().inner() + column * s.b().column()),
                at.c + 4 * (outer * s.c().outer() + inner * s.c().inner() + row * s.c().row() + column),
                rows,
                columns);
    }

    /** Computes rows x columns of C, one panel wide; addresses are those of the block's first elements. */
    private void runBlock(long a, long b, long c, int rows, int columns) {
        var s = shape;
        int vectors = Math.ceilDiv(columns, L);
        long scratch = SCRATCH.get().address();
        long aRow = 4 * s.a().row();
        long aCol = 4 * s.a().column();
        long cRow = 4 * s.c().row();
        boolean whole = columns == vectors * L;
        boolean inPlace = whole && rows <= FEW_ROWS && s.b().column() == 1;
        int k = 0;
        do {
            int terms = Math.min(TERMS, s.k() - k);
            long source = b + 4 * k * s.b().row();
            long packed = inPlace ? source : scratch;
            long bRow = inPlace ? 4 * s.b().row() : 4L * vectors * L;
            if (!inPlace) {
                Packing.pack(source, s.b().row(), s.b().column(), terms, columns, vectors * L, scratch);
            }
            boolean fromC = k > 0 || s.accumulate();
            int i = 0;
            while (i < rows) {
                int height = rows - i >= Microkernels.ROWS ? Microkernels.ROWS : 1;
                long ai = a + i * aRow + k * aCol;
                long ci = c + i * cRow;
                long init = fromC ? ci : Microkernels.ZEROS;
                long initRow = fromC ? cRow : 0;
                if (whole) {
                    Microkernels.run(height, vectors, terms, ai, aRow, aCol, packed, bRow, init, initRow, ci, cRow);
                } else {
                    long tile = scratch + PANEL_BYTES;
                    long tileRow = 4L * vectors * L;
                    Packing.copy(init, initRow, tile, tileRow, height, columns);
                    Microkernels.run(
                            height, vectors, terms, ai, aRow, aCol, packed, bRow, tile, tileRow, tile, tileRow);
                    Packing.copy(tile, tileRow, ci, cRow, height, columns);
                }
                i += height;
            }
            k += terms;
        } while (k < s.k());
    }
}
