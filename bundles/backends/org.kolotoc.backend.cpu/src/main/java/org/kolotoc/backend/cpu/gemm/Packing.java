package org.kolotoc.backend.cpu.gemm;

import static org.kolotoc.backend.cpu.gemm.Microkernels.ALL;
import static org.kolotoc.backend.cpu.gemm.Microkernels.FLOAT;
import static org.kolotoc.backend.cpu.gemm.Microkernels.LANES;
import static org.kolotoc.backend.cpu.gemm.Microkernels.ORDER;
import static org.kolotoc.backend.cpu.gemm.Microkernels.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Copies between matrices and the blocks of whole vectors that the kernels read. Addresses and sizes, no segments. */
final class Packing {

    private Packing() {}

    /**
     * Packs terms x columns of B, whose strides are {@code row} and {@code column} floats, into rows of {@code width}
     * floats, zeros behind the last column.
     */
    static void pack(long source, long row, long column, int terms, int columns, int width, long target) {
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
            for (int j = 0; j < columns; j++) {
                long from = source + 4 * j * column;
                for (int p = first; p < end; p++) {
                    ALL.set(FLOAT, target + 4L * (p * width + j), ALL.get(FLOAT, from + 4 * p * row));
                }
            }
        }
    }
}
