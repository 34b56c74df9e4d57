package org.kolotoc.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.kolotoc.compiler.Instruction;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.ReduceKind;

/** The last part of a column reduction, and the other loops over rows that need no generated code. */
final class Columns {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Columns() {}

    /** Reduces the rows of several pieces to one, the first piece first. */
    static void combine(
            Instruction.ColumnReduce reduce, long partial, long pieceStride, int pieces, int inner, long to) {
        boolean sum = reduce.kind() == ReduceKind.SUM;
        if (reduce.dtype() != DType.F32) {
            combineInts(sum, partial, pieceStride, pieces, inner, to);
            return;
        }
        int column = 0;
        for (; column <= inner - SPECIES.length(); column += SPECIES.length()) {
            long at = partial + 4L * column;
            FloatVector total = FloatVector.fromMemorySegment(SPECIES, ALL, at, ORDER);
            for (int piece = 1; piece < pieces; piece++) {
                FloatVector next = FloatVector.fromMemorySegment(SPECIES, ALL, at + piece * pieceStride, ORDER);
                total = sum ? total.add(next) : total.max(next);
            }
            total.intoMemorySegment(ALL, to + 4L * column, ORDER);
        }
        for (; column < inner; column++) {
            float total = ALL.get(ValueLayout.JAVA_FLOAT, partial + 4L * column);
            for (int piece = 1; piece < pieces; piece++) {
                float next = ALL.get(ValueLayout.JAVA_FLOAT, partial + 4L * column + piece * pieceStride);
                total = sum ? total + next : Math.max(total, next);
            }
            ALL.set(ValueLayout.JAVA_FLOAT, to + 4L * column, total);
        }
    }

    private static void combineInts(boolean sum, long partial, long pieceStride, int pieces, int inner, long to) {
        for (int column = 0; column < inner; column++) {
            int total = ALL.get(ValueLayout.JAVA_INT, partial + 4L * column);
            for (int piece = 1; piece < pieces; piece++) {
                int next = ALL.get(ValueLayout.JAVA_INT, partial + 4L * column + piece * pieceStride);
                total = sum ? total + next : Math.max(total, next);
            }
            ALL.set(ValueLayout.JAVA_INT, to + 4L * column, total);
        }
    }

    static int index(long address, int i) {
        return ALL.get(ValueLayout.JAVA_INT, address + 4L * i);
    }

    static void copy(long from, long to, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    static void clear(long at, long bytes) {
        ALL.asSlice(at, bytes).fill((byte) 0);
    }

    /** {@code to[i] += from[i]} for {@code count} floats. */
    static void add(long from, long to, int count) {
        sum(to, from, to, count);
    }

    /** {@code to[i] = a[i] + b[i]} for {@code count} floats. */
    static void sum(long a, long b, long to, int count) {
        int i = 0;
        for (; i <= count - SPECIES.length(); i += SPECIES.length()) {
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, ALL, a + 4L * i, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, ALL, b + 4L * i, ORDER));
            sum.intoMemorySegment(ALL, to + 4L * i, ORDER);
        }
        for (; i < count; i++) {
            float sum = ALL.get(ValueLayout.JAVA_FLOAT, a + 4L * i) + ALL.get(ValueLayout.JAVA_FLOAT, b + 4L * i);
            ALL.set(ValueLayout.JAVA_FLOAT, to + 4L * i, sum);
        }
    }
}
