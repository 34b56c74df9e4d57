package org.kolotoc.backend.cpu.gemm;

import static org.kolotoc.backend.cpu.gemm.Microkernels.ALL;
import static org.kolotoc.backend.cpu.gemm.Microkernels.FLOAT;
import static org.kolotoc.backend.cpu.gemm.Microkernels.LANES;
import static org.kolotoc.backend.cpu.gemm.Microkernels.ORDER;
import static org.kolotoc.backend.cpu.gemm.Microkernels.SPECIES;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Copies between matrices and the blocks of whole vectors that the kernels read. Addresses and sizes, no segments. */
public final class Packing {
    /** Stages of a transposition: rows and lanes half of all apart change places, then a quarter, and so on. */
    private static final int STAGES = Integer.numberOfTrailingZeros(LANES);

    /** By stage: each lane has what lies as far below, or above. */
    private static final List<VectorShuffle<Float>> BELOW = stages(apart -> lane -> lane - apart & LANES - 1);

    private static final List<VectorShuffle<Float>> ABOVE = stages(apart -> lane -> lane + apart & LANES - 1);
    /** By stage: the lanes that have a partner below. */
    private static final List<VectorMask<Float>> UPPER = IntStream.range(0, STAGES)
            .mapToObj(stage -> VectorMask.fromLong(SPECIES, upper(apart(stage))))
            .toList();

    private Packing() {}

    private static int apart(int stage) {
        return LANES >> stage + 1;
    }

    private static long upper(int apart) {
        return IntStream.range(0, LANES)
                .filter(lane -> (lane & apart) != 0)
                .mapToLong(lane -> 1L << lane)
                .sum();
    }

    private static List<VectorShuffle<Float>> stages(IntFunction<IntUnaryOperator> shuffle) {
        return IntStream.range(0, STAGES)
                .mapToObj(stage -> VectorShuffle.fromOp(SPECIES, shuffle.apply(apart(stage))))
                .toList();
    }

    /**
     * Packs terms x columns of B, whose strides are {@code row} and {@code column} floats, into rows of {@code width}
     * floats, zeros behind the last column.
     *
     * @param source address of the first element
     * @param target address of {@code terms * width} floats
     */
    public static void pack(long source, long row, long column, int terms, int columns, int width, long target) {
        if (columns < width) {
            zero(target, (long) terms * width);
        }
        if (column == 1 || columns == 1) {
            packRows(source, row, terms, columns, width, target);
        } else {
            packColumns(source, row, column, terms, columns, width, target);
        }
    }

    /** Copies rows x columns floats; row strides in bytes. */
    static void copy(long source, long sourceRow, long target, long targetRow, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                ALL.set(FLOAT, target + i * targetRow + 4L * j, ALL.get(FLOAT, source + i * sourceRow + 4L * j));
            }
        }
    }

    private static void zero(long target, long floats) {
        var zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < floats; i += LANES) {
            zero.intoMemorySegment(ALL, target + 4 * i, ORDER);
        }
    }

    private static void packRows(long source, long row, int terms, int columns, int width, long target) {
        for (int p = 0; p < terms; p++) {
            long from = source + 4 * p * row;
            long to = target + 4L * p * width;
            int j = 0;
            for (; j <= columns - LANES; j += LANES) {
                FloatVector.fromMemorySegment(SPECIES, ALL, from + 4L * j, ORDER)
                        .intoMemorySegment(ALL, to + 4L * j, ORDER);
            }
            for (; j < columns; j++) {
                ALL.set(FLOAT, to + 4L * j, ALL.get(FLOAT, from + 4L * j));
            }
        }
    }

    /** Reads along k, sixteen terms (a cache line) of every column before the next sixteen. */
    private static void packColumns(
            long source, long row, long column, int terms, int columns, int width, long target) {
        for (int first = 0; first < terms; first += 16) {
            int end = Math.min(terms, first + 16);
            int j = 0;
            if (row == 1 && end - first == 16) {
                for (; j <= columns - LANES; j += LANES) {
                    for (int p = first; p < end; p += LANES) {
                        turn(source + 4 * (j * column + p), 4 * column, target + 4L * (p * width + j), 4L * width);
                    }
                }
            }
            for (; j < columns; j++) {
                long from = source + 4 * j * column;
                for (int p = first; p < end; p++) {
                    ALL.set(FLOAT, target + 4L * (p * width + j), ALL.get(FLOAT, from + 4 * p * row));
                }
            }
        }
    }

    /** Transposes as many rows of a vector as it has lanes. */
    private static void turn(long source, long sourceRow, long target, long targetRow) {
        for (int stage = 0; stage < STAGES; stage++) {
            VectorShuffle<Float> below = BELOW.get(stage);
            VectorShuffle<Float> above = ABOVE.get(stage);
            VectorMask<Float> upper = UPPER.get(stage);
            int apart = apart(stage);
            long from = stage == 0 ? source : target;
            long fromRow = stage == 0 ? sourceRow : targetRow;
            for (int pair = 0; pair < LANES / 2; pair++) {
                // The rows whose number lacks the bit, in order.
                int low = (pair & -apart) + pair;
                int high = low + apart;
                FloatVector x = FloatVector.fromMemorySegment(SPECIES, ALL, from + low * fromRow, ORDER);
                FloatVector y = FloatVector.fromMemorySegment(SPECIES, ALL, from + high * fromRow, ORDER);
                x.blend(y.rearrange(below), upper).intoMemorySegment(ALL, target + low * targetRow, ORDER);
                x.rearrange(above).blend(y, upper).intoMemorySegment(ALL, target + high * targetRow, ORDER);
            }
        }
    }
}
