package org.kolotoc.backend.cpu.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Products so small that one thread has them to itself, of operands that are read where they lie: A in any order, B and C
 * by rows. Every sum goes through its terms in their order, so that an element is the same however a product is cut.
 */
public final class RowsProduct {
    /** Terms at a time: so many rows of four vectors of B stay in the nearest cache while rows of A go by. */
    public static final int TERMS = 64;

    private static final int L = Microkernels.LANES;

    // The value is a class of the JDK: a thread that outlives this bundle keeps memory for a while, not the bundle.
    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(4L * L * (TERMS + Microkernels.ROWS), 64));

    private RowsProduct() {}

    /**
     * {@code C = A B}, or {@code C += A B}.
     *
     * @param rows of A and C
     * @param columns of B and C
     * @param terms columns of A, rows of B
     * @param a address of the first element
     * @param aRow bytes from row to row
     * @param aColumn bytes from column to column
     * @param b address of the first element; elements of a row are neighbours
     * @param bRow bytes from row to row
     * @param adds whether what C holds is added to
     * @param c address of the first element, not within A or B
     * @param cRow bytes from row to row
     */
    public static void run(
            int rows,
            int columns,
            int terms,
            long a,
            long aRow,
            long aColumn,
            long b,
            long bRow,
            boolean adds,
            long c,
            long cRow) {
        int from = 0;
        do {
            int length = Math.min(TERMS, terms - from);
            long left = a + from * aColumn;
            long right = b + from * bRow;
            boolean more = adds || from > 0;
            int column = 0;
            while (columns - column >= L) {
                int vectors = Math.min(Microkernels.VECTORS, (columns - column) / L);
                long at = 4L * column;
                panel(rows, vectors, length, left, aRow, aColumn, right + at, bRow, more, c + at, cRow);
                column += vectors * L;
            }
            if (column < columns) {
                long at = 4L * column;
                tail(rows, columns - column, length, left, aRow, aColumn, right + at, bRow, more, c + at, cRow);
            }
            from += length;
        } while (from < terms);
    }

    private static void panel(
            int rows,
            int vectors,
            int terms,
            long a,
            long aRow,
            long aColumn,
            long b,
            long bRow,
            boolean adds,
            long c,
            long cRow) {
        int row = 0;
        while (row < rows) {
            int height = rows - row >= Microkernels.ROWS ? Microkernels.ROWS : 1;
            long to = c + row * cRow;
            Microkernels.run(
                    height,
                    vectors,
                    terms,
                    a + row * aRow,
                    aRow,
                    aColumn,
                    b,
                    bRow,
                    adds ? to : Microkernels.ZEROS,
                    adds ? cRow : 0,
                    to,
                    cRow);
            row += height;
        }
    }

    /** Columns that make no whole vector: they are moved to where they do. */
    private static void tail(
            int rows,
            int columns,
            int terms,
            long a,
            long aRow,
            long aColumn,
            long b,
            long bRow,
            boolean adds,
            long c,
            long cRow) {
        long packed = SCRATCH.get().address();
        long tile = packed + 4L * L * TERMS;
        Packing.pack(b, bRow / 4, 1, terms, columns, L, packed);
        int row = 0;
        while (row < rows) {
            int height = rows - row >= Microkernels.ROWS ? Microkernels.ROWS : 1;
            long to = c + row * cRow;
            Packing.copy(adds ? to : Microkernels.ZEROS, adds ? cRow : 0, tile, 4L * L, height, columns);
            Microkernels.run(
                    height, 1, terms, a + row * aRow, aRow, aColumn, packed, 4L * L, tile, 4L * L, tile, 4L * L);
            Packing.copy(tile, 4L * L, to, cRow, height, columns);
            row += height;
        }
    }
}
