package org.kolotoc.backend.cpu.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops: {@value #ROWS} rows (or one) of C times 4 vectors or fewer stay in registers while k advances.
 *
 * <p>Each is written out, loads and stores included, because vectors must not cross a call: HotSpot stops inlining
 * small helpers in a body of this size and would box every vector (measured: a tenth of the speed). Not more than some
 * forty loads and stores to a body: with 58 (six rows) the first compiler gives up and the second never gets its turn,
 * so that the method stays boxed for good or not, depending on who calls it first. All memory is reached through one static segment with raw addresses; segments as parameters would share their type profile with the
 * whole process.
 *
 * <p>Parameters, strides in bytes: {@code k} terms of the sum; {@code a} the first row of A, {@code aRow}, {@code aCol}
 * its strides; {@code b} whole vectors of B, {@code bRow} from one term to the next; {@code init} where the sums start
 * from, with {@code initRow}; {@code c} where they go, with {@code cRow}. {@code init} may be {@code c}.
 */
final class Microkernels {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Floats in a vector. */
    static final int LANES = SPECIES.length();
    /** Rows of C that a kernel computes at once. */
    static final int ROWS = 4;

    @SuppressWarnings("restricted")
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** Floats are aligned, but a layout that says so has each access looked at (measured: 7 % of a kernel's time). */
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Vectors of a row that a kernel should compute at once: four rows of them, B's and a factor fit into 32 registers, or 16. */
    static final int VECTORS = LANES >= 16 || System.getProperty("os.arch").equals("aarch64") ? 4 : 2;

    private static final long STEP = 4L * LANES;

    /** Where sums start from that add to nothing; as long as {@link #VECTORS}. */
    static final long ZEROS = Arena.global().allocate(VECTORS * STEP, 64).address();

    private Microkernels() {}

    /** Computes {@code rows} rows (1 or {@link #ROWS}) by {@code vectors} (1 to 4). */
    static void run(
            int rows,
            int vectors,
            int k,
            long a,
            long aRow,
            long aCol,
            long b,
            long bRow,
            long init,
            long initRow,
            long c,
            long cRow) {
        if (rows == ROWS) {
            switch (vectors) {
                case 4 -> rows4by4(k, a, aRow, aCol, b, bRow, init, initRow, c, cRow);
                case 3 -> rows4by3(k, a, aRow, aCol, b, bRow, init, initRow, c, cRow);
                case 2 -> rows4by2(k, a, aRow, aCol, b, bRow, init, initRow, c, cRow);
                default -> rows4by1(k, a, aRow, aCol, b, bRow, init, initRow, c, cRow);
            }
        } else {
            switch (vectors) {
                case 4 -> row1by4(k, a, aCol, b, bRow, init, c);
                case 3 -> {
                    row1by2(k, a, aCol, b, bRow, init, c);
                    row1by1(k, a, aCol, b + 2 * STEP, bRow, init + 2 * STEP, c + 2 * STEP);
                }
                case 2 -> row1by2(k, a, aCol, b, bRow, init, c);
                default -> row1by1(k, a, aCol, b, bRow, init, c);
            }
        }
    }

    private static void rows4by4(
            int k, long a, long aRow, long aCol, long b, long bRow, long init, long initRow, long c, long cRow) {
        FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, ALL, init, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, ALL, init + STEP, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * STEP, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * STEP, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow + STEP, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow + 2 * STEP, ORDER);
        FloatVector c13 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow + 3 * STEP, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow + STEP, ORDER);
        FloatVector c22 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow + 2 * STEP, ORDER);
        FloatVector c23 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow + 3 * STEP, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow + STEP, ORDER);
        FloatVector c32 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow + 2 * STEP, ORDER);
        FloatVector c33 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow + 3 * STEP, ORDER);
        long a1 = aRow;
        long a2 = 2 * aRow;
        long a3 = 3 * aRow;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, ALL, b + STEP, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, ALL, b + 2 * STEP, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, ALL, b + 3 * STEP, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a1));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a2));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a3));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            a += aCol;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + STEP, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * STEP, ORDER);
        c03.intoMemorySegment(ALL, c + 3 * STEP, ORDER);
        c10.intoMemorySegment(ALL, c + cRow, ORDER);
        c11.intoMemorySegment(ALL, c + cRow + STEP, ORDER);
        c12.intoMemorySegment(ALL, c + cRow + 2 * STEP, ORDER);
        c13.intoMemorySegment(ALL, c + cRow + 3 * STEP, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cRow, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cRow + STEP, ORDER);
        c22.intoMemorySegment(ALL, c + 2 * cRow + 2 * STEP, ORDER);
        c23.intoMemorySegment(ALL, c + 2 * cRow + 3 * STEP, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cRow, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cRow + STEP, ORDER);
        c32.intoMemorySegment(ALL, c + 3 * cRow + 2 * STEP, ORDER);
        c33.intoMemorySegment(ALL, c + 3 * cRow + 3 * STEP, ORDER);
    }

    private static void rows4by3(
            int k, long a, long aRow, long aCol, long b, long bRow, long init, long initRow, long c, long cRow) {
        FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, ALL, init, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, ALL, init + STEP, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * STEP, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow + STEP, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow + 2 * STEP, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow + STEP, ORDER);
        FloatVector c22 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow + 2 * STEP, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow + STEP, ORDER);
        FloatVector c32 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow + 2 * STEP, ORDER);
        long a1 = aRow;
        long a2 = 2 * aRow;
        long a3 = 3 * aRow;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, ALL, b + STEP, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, ALL, b + 2 * STEP, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            FloatVector x1 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a1));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            FloatVector x2 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a2));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            FloatVector x3 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a3));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            a += aCol;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + STEP, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * STEP, ORDER);
        c10.intoMemorySegment(ALL, c + cRow, ORDER);
        c11.intoMemorySegment(ALL, c + cRow + STEP, ORDER);
        c12.intoMemorySegment(ALL, c + cRow + 2 * STEP, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cRow, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cRow + STEP, ORDER);
        c22.intoMemorySegment(ALL, c + 2 * cRow + 2 * STEP, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cRow, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cRow + STEP, ORDER);
        c32.intoMemorySegment(ALL, c + 3 * cRow + 2 * STEP, ORDER);
    }

    private static void rows4by2(
            int k, long a, long aRow, long aCol, long b, long bRow, long init, long initRow, long c, long cRow) {
        FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, ALL, init, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, ALL, init + STEP, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow + STEP, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow + STEP, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow + STEP, ORDER);
        long a1 = aRow;
        long a2 = 2 * aRow;
        long a3 = 3 * aRow;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, ALL, b + STEP, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a1));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a2));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a3));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            a += aCol;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + STEP, ORDER);
        c10.intoMemorySegment(ALL, c + cRow, ORDER);
        c11.intoMemorySegment(ALL, c + cRow + STEP, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cRow, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cRow + STEP, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cRow, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cRow + STEP, ORDER);
    }

    private static void rows4by1(
            int k, long a, long aRow, long aCol, long b, long bRow, long init, long initRow, long c, long cRow) {
        FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, ALL, init, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, ALL, init + initRow, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * initRow, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * initRow, ORDER);
        long a1 = aRow;
        long a2 = 2 * aRow;
        long a3 = 3 * aRow;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ALL, b, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a));
            c00 = x0.fma(b0, c00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a1));
            c10 = x1.fma(b0, c10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a2));
            c20 = x2.fma(b0, c20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a + a3));
            c30 = x3.fma(b0, c30);
            a += aCol;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c10.intoMemorySegment(ALL, c + cRow, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cRow, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cRow, ORDER);
    }

    private static void row1by4(int k, long a, long aCol, long b, long bRow, long init, long c) {
        FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, ALL, init, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, ALL, init + STEP, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 2 * STEP, ORDER);
        FloatVector c03 = FloatVector.fromMemorySegment(SPECIES, ALL, init + 3 * STEP, ORDER);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, ALL, b + STEP, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, ALL, b + 2 * STEP, ORDER);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, ALL, b + 3 * STEP, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            a += aCol;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + STEP, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * STEP, ORDER);
        c03.intoMemorySegment(ALL, c + 3 * STEP, ORDER);
    }

    private static void row1by2(int k, long a, long aCol, long b, long bRow, long init, long c) {
        FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, ALL, init, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, ALL, init + STEP, ORDER);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ALL, b, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, ALL, b + STEP, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            a += aCol;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + STEP, ORDER);
    }

    private static void row1by1(int k, long a, long aCol, long b, long bRow, long init, long c) {
        FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, ALL, init, ORDER);
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, ALL, b, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, ALL.get(FLOAT, a));
            c00 = x0.fma(b0, c00);
            a += aCol;
            b += bRow;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
    }
}
