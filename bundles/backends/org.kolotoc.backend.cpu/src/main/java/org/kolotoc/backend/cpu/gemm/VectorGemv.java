package org.kolotoc.backend.cpu.gemm;

import static org.kolotoc.backend.cpu.gemm.Microkernels.ALL;
import static org.kolotoc.backend.cpu.gemm.Microkernels.FLOAT;
import static org.kolotoc.backend.cpu.gemm.Microkernels.LANES;
import static org.kolotoc.backend.cpu.gemm.Microkernels.ORDER;
import static org.kolotoc.backend.cpu.gemm.Microkernels.SPECIES;

import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * Products of one row on the Java Vector API. Nothing of B is used twice, so the memory is the limit, and memory is fast
 * only where it is read in order: B is read line by line, each to its end, a piece taking lines that follow each other
 * (measured: twice the speed of reading several lines at once).
 *
 * <p>Where B lies row by row, such pieces each hold a part of the sum; the parts are added in order afterwards.
 */
final class VectorGemv implements Gemm {

    /** A piece reads at least so many floats of B: some microseconds. */
    private static final int PIECE_FLOATS = 1 << 15;

    private static final int MOST_PIECES = 8;
    /** Parts of one sum: adding them is extra work. */
    private static final int MOST_SUMS = 4;
    /** Strips of lines as long as this are read as fast as whole lines. */
    private static final int LONG_STRIP = 2048;

    private static final int STEP = 4 * LANES;

    private final MatmulShape shape;
    private final boolean turned;
    /** Parts of C's columns, and parts of the sum; one of them is 1. */
    private final int columnParts;

    private final int sums;
    private final int pieces;

    /** @throws IllegalArgumentException if the shape is not one that {@link #takes} accepts */
    VectorGemv(MatmulShape shape) {
        if (!takes(shape)) {
            throw new IllegalArgumentException("not a product of one row that can be read in order: " + shape);
        }
        this.shape = shape;
        turned = turned(shape);
        int batch = Math.multiplyExact(shape.outer(), shape.inner());
        int most = Math.clamp((long) shape.n() * shape.k() / PIECE_FLOATS, 1, MOST_PIECES);
        int strips = turned ? shape.n() / LANES : shape.n() / LONG_STRIP;
        columnParts = Math.clamp(strips, 1, most);
        sums = batch == 1 && columnParts == 1 ? Math.min(most, MOST_SUMS) : 1;
        pieces = shape.writes() ? Math.multiplyExact(batch, columnParts * sums) : 0;
    }

    /** Whether the shape has one row, and A lies in order where B lies column by column. */
    static boolean takes(MatmulShape s) {
        return s.m() == 1 && s.epilogue() == Epilogue.NONE && (!turned(s) || s.a().column() == 1 || s.k() <= 1);
    }

    /** Whether C has so many columns that it does not stay in the nearest cache, line for line; dnnl_sgemm is faster. */
    static boolean wide(MatmulShape s) {
        return !turned(s) && s.n() > 4 * LONG_STRIP;
    }

    private static boolean turned(MatmulShape s) {
        return s.n() == 1 ? s.b().row() == 1 : s.turnsB();
    }

    @Override
    public MatmulShape shape() {
        return shape;
    }

    @Override
    public long callBytes() {
        return partialBytes() + (long) STEP * pieces;
    }

    /** Of the parts of a sum, whole vectors. */
    private long partialBytes() {
        return (sums - 1) * ((4L * shape.n() + STEP - 1) / STEP * STEP);
    }

    @Override
    public Call call(Arena arena) {
        return new Operands(arena);
    }

    private final class Operands implements Call {
        private final Workers.Task task = piece -> runPiece(piece, this);
        private final long partials;
        /** A vector for each piece. */
        private final long spill;

        private long a;
        private long b;
        private long c;

        Operands(Arena arena) {
            partials = arena.allocate(callBytes(), 64).address();
            spill = partials + partialBytes();
        }

        @Override
        public void run(long a, long b, long c, long bias, Workers workers) {
            this.a = a;
            this.b = b;
            this.c = c;
            workers.run(task, pieces);
            for (int sum = 1; sum < sums; sum++) {
                addLine(shape.n(), 1, partials + 4L * (sum - 1) * shape.n(), c);
            }
        }
    }

    private void runPiece(int piece, Operands at) {
        var s = shape;
        int sum = piece % sums;
        int part = piece / sums % columnParts;
        long batch = piece / sums / columnParts;
        long outer = batch / s.inner();
        long inner = batch % s.inner();
        int from = Tiling.bound(s.n(), part, columnParts);
        int columns = Tiling.bound(s.n(), part + 1, columnParts) - from;
        long row = at.a + 4 * (outer * s.a().outer() + inner * s.a().inner());
        long matrix = at.b + 4 * (outer * s.b().outer() + inner * s.b().inner() + from * s.b().column());
        long target = at.c + 4 * (outer * s.c().outer() + inner * s.c().inner() + from);
        if (sum > 0) {
            target = at.partials + 4L * (sum - 1) * s.n();
            fill(target, columns);
        } else if (!s.accumulate()) {
            fill(target, columns);
        }
        int first = Tiling.bound(s.k(), sum, sums);
        int end = Tiling.bound(s.k(), sum + 1, sums);
        row += 4 * first * s.a().column();
        matrix += 4 * first * s.b().row();
        if (turned) {
            for (int j = 0; j < columns; j++) {
                addDot(
                        end - first,
                        row,
                        matrix + 4 * j * s.b().column(),
                        target + 4L * j,
                        at.spill + (long) STEP * piece);
            }
        } else {
            for (int p = 0; p < end - first; p++) {
                float factor = ALL.get(FLOAT, row + 4 * p * s.a().column());
                addLine(columns, factor, matrix + 4 * p * s.b().row(), target);
            }
        }
    }

    private static void fill(long target, int columns) {
        for (int j = 0; j < columns; j++) {
            ALL.set(FLOAT, target + 4L * j, 0f);
        }
    }

    /** Adds a line, times its factor, to the target. */
    static void addLine(int columns, float factor, long line, long target) {
        FloatVector x = FloatVector.broadcast(SPECIES, factor);
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, ALL, target + 4L * j, ORDER);
            x.fma(FloatVector.fromMemorySegment(SPECIES, ALL, line + 4L * j, ORDER), sum)
                    .intoMemorySegment(ALL, target + 4L * j, ORDER);
        }
        for (; j < columns; j++) {
            float sum = ALL.get(FLOAT, target + 4L * j);
            ALL.set(FLOAT, target + 4L * j, Math.fma(factor, ALL.get(FLOAT, line + 4L * j), sum));
        }
    }

    /** Adds the product of A with a line to one float. */
    private static void addDot(int k, long a, long line, long target, long lanes) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        int p = 0;
        for (; p <= k - 4 * LANES; p += 4 * LANES) {
            long x = a + 4L * p;
            long y = line + 4L * p;
            s0 = FloatVector.fromMemorySegment(SPECIES, ALL, x, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, ALL, y, ORDER), s0);
            s1 = FloatVector.fromMemorySegment(SPECIES, ALL, x + STEP, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, ALL, y + STEP, ORDER), s1);
            s2 = FloatVector.fromMemorySegment(SPECIES, ALL, x + 2 * STEP, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, ALL, y + 2 * STEP, ORDER), s2);
            s3 = FloatVector.fromMemorySegment(SPECIES, ALL, x + 3 * STEP, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, ALL, y + 3 * STEP, ORDER), s3);
        }
        for (; p <= k - LANES; p += LANES) {
            s0 = FloatVector.fromMemorySegment(SPECIES, ALL, a + 4L * p, ORDER)
                    .fma(FloatVector.fromMemorySegment(SPECIES, ALL, line + 4L * p, ORDER), s0);
        }
        // In this order, always: reduceLanes adds in one order before and in another after it is compiled.
        // By fma, not add: with add here, generated kernels of the same process were seen to stay boxed.
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        one.fma(one.fma(s3, s2), one.fma(s1, s0)).intoMemorySegment(ALL, lanes, ORDER);
        float rest = 0;
        float odd = 0;
        for (int i = 0; i < LANES; i += 2) {
            rest += ALL.get(FLOAT, lanes + 4L * i);
            odd += ALL.get(FLOAT, lanes + 4L * i + 4);
        }
        rest += odd;
        for (; p < k; p++) {
            rest = Math.fma(ALL.get(FLOAT, a + 4L * p), ALL.get(FLOAT, line + 4L * p), rest);
        }
        ALL.set(FLOAT, target, ALL.get(FLOAT, target) + rest);
    }
}
