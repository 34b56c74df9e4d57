package org.kolotoc.backend.cpu.gemm;

/**
 * How C is cut into pieces that run side by side: each outer batch into so many parts of its rows and of its columns.
 * The shape alone decides, so that the bits are the same for any number of threads.
 *
 * @param rows parts of C's rows; each reads all of B
 * @param columns parts of C's columns; each reads all of A
 */
record Tiling(int rows, int columns) {

    static final Tiling NONE = new Tiling(1, 1);

    /** Work that is worth a dispatch: some twenty microseconds. */
    private static final int PIECE_LOG_FLOPS = 21;
    /** Work above which a run has more than {@value #PIECES} pieces, for machines with many cores. */
    private static final int LARGE_PIECE_LOG_FLOPS = 28;

    private static final int PIECES = 8;
    private static final int MOST_PIECES = 64;

    /** Least rows and columns of a piece; thinner ones cost a library more than a tenth (measured). */
    private static final int LEAST_ROWS = 32;

    private static final int LEAST_COLUMNS = 96;

    /** What reading a float of a transposed B once more costs, in reads of other operands: packing turns it. */
    private static final int TRANSPOSED = 4;

    /** Multiply-adds that each float read is used for, at least, in pieces beyond {@value #PIECES}. */
    private static final int LEAST_REUSE = 64;

    /** The tiling that reads least among those with pieces enough for this much work. */
    static Tiling of(MatmulShape s) {
        int pieces = Integer.highestOneBit(pieces(s));
        Tiling tiling = of(s, pieces);
        while (pieces > PIECES && tiling.reuse(s) < LEAST_REUSE) {
            pieces /= 2;
            tiling = of(s, pieces);
        }
        return tiling;
    }

    /** Parts are powers of two, so that two, four or eight threads get equal shares. */
    private static Tiling of(MatmulShape s, int most) {
        int mostRows = Integer.highestOneBit(Math.clamp(s.m() / LEAST_ROWS, 1, most));
        int mostColumns = Integer.highestOneBit(Math.clamp(s.n() / LEAST_COLUMNS, 1, most));
        int pieces = Math.min(most, mostRows * mostColumns);
        Tiling best = null;
        long least = Long.MAX_VALUE;
        for (int rows = Math.max(1, pieces / mostColumns); rows <= Math.min(mostRows, pieces); rows *= 2) {
            Tiling tiling = new Tiling(rows, pieces / rows);
            if (tiling.reads(s) < least) {
                least = tiling.reads(s);
                best = tiling;
            }
        }
        return best;
    }

    private long reads(MatmulShape s) {
        long b = (long) s.n() * s.k() * (s.turnsB() ? TRANSPOSED : 1);
        return columns * (long) s.m() * s.k() + rows * b;
    }

    private double reuse(MatmulShape s) {
        double height = (double) s.m() / rows;
        double width = (double) s.n() / columns;
        return height * width / (height + width);
    }

    /** How many pieces each outer batch is worth. */
    private static int pieces(MatmulShape s) {
        long flops = s.flops();
        long pieces = Math.clamp(flops >> PIECE_LOG_FLOPS, flops >> PIECE_LOG_FLOPS - 3 > 0 ? 2 : 1, PIECES);
        pieces = Math.clamp(flops >> LARGE_PIECE_LOG_FLOPS, pieces, MOST_PIECES);
        return (int) Math.max(1, pieces / Math.max(1, s.outer()));
    }

    /** Where part {@code part} of {@code parts} begins; pieces of C share no cache line if its rows do not. */
    static int bound(int size, int part, int parts) {
        int at = (int) ((long) size * part / parts);
        return part == parts || size < 32 * parts ? at : at & -16;
    }
}
