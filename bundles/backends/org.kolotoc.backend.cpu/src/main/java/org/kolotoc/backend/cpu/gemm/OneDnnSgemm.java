package org.kolotoc.backend.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * Matrix products by oneDNN's {@code dnnl_sgemm}, one call a piece. It packs both operands piece by piece, which makes
 * it the fastest way known here for all but a B that lies column by column (there {@link OneDnnGemm}).
 */
final class OneDnnSgemm implements Gemm {

    private final MatmulShape shape;
    private final Tiling tiling;
    private final int pieces;
    /** Floats between the lines of A, B and C, a line being what lies without a gap. */
    private final long aLine;

    private final long bLine;
    private final long cLine;
    private final float beta;

    OneDnnSgemm(MatmulShape shape) {
        this(shape, Tiling.of(shape));
    }

    /** @throws IllegalArgumentException if the shape is not one that {@link #takes} accepts */
    OneDnnSgemm(MatmulShape shape, Tiling tiling) {
        if (!takes(shape)) {
            throw new IllegalArgumentException("a shape that dnnl_sgemm cannot take: " + shape);
        }
        this.shape = shape;
        this.tiling = tiling;
        pieces = shape.writes()
                ? Math.multiplyExact(shape.outer() * shape.inner(), tiling.rows() * tiling.columns())
                : 0;
        aLine = line(shape.a(), shape.turnsA(), shape.m(), shape.k());
        bLine = line(shape.b(), shape.turnsB(), shape.k(), shape.n());
        cLine = line(shape.c(), false, shape.m(), shape.n());
        beta = shape.accumulate() ? 1 : 0;
    }

    /** Whether {@code dnnl_sgemm} can be told the shape: no epilogue, something to add up, no rows on one another. */
    static boolean takes(MatmulShape s) {
        return s.k() > 0
                && s.epilogue() == Epilogue.NONE
                && line(s.a(), s.turnsA(), s.m(), s.k()) >= (s.turnsA() ? s.m() : s.k())
                && line(s.b(), s.turnsB(), s.k(), s.n()) >= (s.turnsB() ? s.k() : s.n());
    }

    /** Whether this is the faster of the library's ways for a shape that it takes. */
    static boolean pays(MatmulShape s) {
        return takes(s) && !s.turnsB() && s.inner() == 1;
    }

    /** The leading dimension; where there is but one line, the library wants to read its length. */
    private static long line(Strides s, boolean turned, int rows, int columns) {
        return turned ? s.column() : rows > 1 ? s.row() : Math.max(1, columns);
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
        var s = shape;
        int q = piece % tiling.columns();
        int rest = piece / tiling.columns();
        int r = rest % tiling.rows();
        int batch = rest / tiling.rows();
        long outer = batch / s.inner();
        long inner = batch % s.inner();
        int row = Tiling.bound(s.m(), r, tiling.rows());
        int rows = Tiling.bound(s.m(), r + 1, tiling.rows()) - row;
        int column = Tiling.bound(s.n(), q, tiling.columns());
        int columns = Tiling.bound(s.n(), q + 1, tiling.columns()) - column;
        sgemm(
                s.turnsA(),
                s.turnsB(),
                rows,
                columns,
                s.k(),
                at.a + 4 * (outer * s.a().outer() + inner * s.a().inner() + row * s.a().row()),
                aLine,
                at.b + 4 * (outer * s.b().outer() + inner * s.b().inner() + column * s.b().column()),
                bLine,
                beta,
                at.c + 4 * (outer * s.c().outer() + inner * s.c().inner() + row * s.c().row() + column),
                cLine);
    }

    /** Looked up only where the library is there. */
    private static final class Library {
        static final MethodHandle SGEMM = OneDnn.function(
                "dnnl_sgemm",
                JAVA_BYTE,
                JAVA_BYTE,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_FLOAT,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_FLOAT,
                JAVA_LONG,
                JAVA_LONG);
    }

    /**
     * Computes {@code C = A·B + beta C} on the calling thread: A is [m, k], B is [k, n], C is [m, n], row by row; a
     * turned operand lies column by column.
     *
     * @param aLine floats between A's rows (its columns, if turned); likewise {@code bLine} and {@code cLine}
     */
    private static void sgemm(
            boolean turnsA,
            boolean turnsB,
            long m,
            long n,
            long k,
            long a,
            long aLine,
            long b,
            long bLine,
            float beta,
            long c,
            long cLine) {
        byte ta = (byte) (turnsA ? 'T' : 'N');
        byte tb = (byte) (turnsB ? 'T' : 'N');
        int status;
        try {
            status = (int) Library.SGEMM.invokeExact(ta, tb, m, n, k, 1f, a, aLine, b, bLine, beta, c, cLine);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (status != 0) {
            throw OneDnn.failed("dnnl_sgemm", status);
        }
    }
}
