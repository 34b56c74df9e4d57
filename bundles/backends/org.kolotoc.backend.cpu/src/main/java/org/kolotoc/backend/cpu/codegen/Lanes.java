package org.kolotoc.backend.cpu.codegen;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.kolotoc.tensor.Op.BinaryKind;
import org.kolotoc.tensor.Op.UnaryKind;

/**
 * What generated code refers to: constants, and the few things done one lane at a time. No vector crosses a call here,
 * since a vector that does is boxed.
 */
final class Lanes {
    static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

    /** Elements in a vector. */
    static final int COUNT = F.length();

    /** Bytes in a vector. */
    static final int BYTES = COUNT * Float.BYTES;

    /** All memory: addresses are offsets. One static segment keeps its profile clean, whatever the process does. */
    @SuppressWarnings("restricted")
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final ByteOrder ORDER = ByteOrder.nativeOrder();
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    /** 0, 1, 2, ... */
    static final IntVector INDEX = IntVector.zero(I).addIndex(1);

    /** Lane {@code i} takes lane {@code i + 8}: half of a sum in a fixed order; likewise below. */
    static final VectorShuffle<Float> FOLD_8 = VectorShuffle.fromOp(F, lane -> (lane + 8) % COUNT);

    static final VectorShuffle<Float> FOLD_4 = VectorShuffle.fromOp(F, lane -> (lane + 4) % COUNT);
    static final VectorShuffle<Float> FOLD_2 = VectorShuffle.fromOp(F, lane -> (lane + 2) % COUNT);
    static final VectorShuffle<Float> FOLD_1 = VectorShuffle.fromOp(F, lane -> (lane + 1) % COUNT);
    static final VectorShuffle<Integer> FOLD_INT_8 = VectorShuffle.fromOp(I, lane -> (lane + 8) % COUNT);
    static final VectorShuffle<Integer> FOLD_INT_4 = VectorShuffle.fromOp(I, lane -> (lane + 4) % COUNT);
    static final VectorShuffle<Integer> FOLD_INT_2 = VectorShuffle.fromOp(I, lane -> (lane + 2) % COUNT);
    static final VectorShuffle<Integer> FOLD_INT_1 = VectorShuffle.fromOp(I, lane -> (lane + 1) % COUNT);

    private Lanes() {}

    /** Collects elements that lie apart into a row of neighbours. */
    static void gather(long from, long to, long strideBytes, int count) {
        for (int i = 0; i < count; i++) {
            ALL.set(INT, to + 4L * i, ALL.get(INT, from + i * strideBytes));
        }
    }

    /** Spreads a row of neighbours over elements that lie apart. */
    static void scatter(long from, long to, long strideBytes, int count) {
        for (int i = 0; i < count; i++) {
            ALL.set(INT, to + i * strideBytes, ALL.get(INT, from + 4L * i));
        }
    }

    /** Fills memory with one element. */
    static void fill(long address, int count, int value) {
        for (int i = 0; i < count; i++) {
            ALL.set(INT, address + 4L * i, value);
        }
    }

    static float sin(float x) {
        return (float) StrictMath.sin(x);
    }

    static float cos(float x) {
        return (float) StrictMath.cos(x);
    }

    /** By IEEE 754, where a base of 1 gives 1 whatever the exponent, and -1 does with an infinite one; Java says NaN. */
    static float pow(float x, float y) {
        boolean one = x == 1 || x == -1 && Float.isInfinite(y);
        return one ? 1 : (float) StrictMath.pow(x, y);
    }

    /** Functions that are not worth vector code of their own, one lane after the other, in place. */
    static void eachSin(long address) {
        each(address, UnaryKind.SIN);
    }

    static void eachCos(long address) {
        each(address, UnaryKind.COS);
    }

    private static void each(long address, UnaryKind kind) {
        for (int lane = 0; lane < COUNT; lane++) {
            float x = ALL.get(FLOAT, address + 4L * lane);
            ALL.set(FLOAT, address + 4L * lane, kind == UnaryKind.SIN ? sin(x) : cos(x));
        }
    }

    /** {@link BinaryKind#POW} of two vectors' memory, into the first. */
    static void eachPow(long base, long exponent) {
        for (int lane = 0; lane < COUNT; lane++) {
            float x = ALL.get(FLOAT, base + 4L * lane);
            ALL.set(FLOAT, base + 4L * lane, pow(x, ALL.get(FLOAT, exponent + 4L * lane)));
        }
    }
}
