package org.kolotoc.backend.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Softmax over the scores of one query, and what all of attention does to rows and lanes. */
final class ScoreRows {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

    /** Elements in a vector. */
    static final int LANES = F.length();

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final FloatVector LANE = (FloatVector) F.broadcast(0).addIndex(1);

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    // exp(r) on |r| <= ln 2 / 2 by its series, and 2^n by the exponent's bits.
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUNDER = 12582912f;
    private static final int ROUNDER_BITS = 0x4B400000;
    /** Exponentials are this power of two too large until they are divided: the smallest would lose places, or be 0. */
    private static final int RAISED = 64;
    /** Below, a weight is 0: it is less than half of the smallest float. */
    private static final float LEAST = -104f;

    private static final VectorShuffle<Float> FOLD_8 = fold(8);
    private static final VectorShuffle<Float> FOLD_4 = fold(4);
    private static final VectorShuffle<Float> FOLD_2 = fold(2);
    private static final VectorShuffle<Float> FOLD_1 = fold(1);

    private ScoreRows() {}

    private static VectorShuffle<Float> fold(int by) {
        return VectorShuffle.fromOp(F, lane -> (lane + by) % LANES);
    }

    /** A whole number in memory. */
    static int whole(long at) {
        return ALL.get(ValueLayout.JAVA_INT, at);
    }

    /**
     * Turns the scores of one query into weights: {@code exp(scale (x - most)) / sum}.
     *
     * @param at address of the first score; what lies behind the last, up to a whole number of vectors, is overwritten
     * @param seen keys
     */
    static void softmax(long at, int seen, float scale) {
        int whole = seen & -LANES;
        VectorMask<Float> rest = LANE.lt(seen - whole);
        // As in ScoreColumns.
        float most = scale < 0 ? smallest(at, whole, seen, rest) : largest(at, whole, seen, rest);
        FloatVector sum = FloatVector.zero(F);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + 4L * i, ORDER);
            FloatVector e = raisedExp(x.sub(most).mul(scale));
            e.intoMemorySegment(ALL, at + 4L * i, ORDER);
            sum = sum.add(e);
        }
        if (whole < seen) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + 4L * whole, ORDER);
            FloatVector e = raisedExp(x.sub(most).mul(scale));
            e = FloatVector.zero(F).blend(e, rest);
            e.intoMemorySegment(ALL, at + 4L * whole, ORDER);
            sum = sum.add(e);
        }
        float share = 1 / total(sum);
        for (int i = 0; i < seen; i += LANES) {
            FloatVector e = FloatVector.fromMemorySegment(F, ALL, at + 4L * i, ORDER);
            e.mul(share).intoMemorySegment(ALL, at + 4L * i, ORDER);
        }
    }

    private static float largest(long at, int whole, int seen, VectorMask<Float> rest) {
        FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + 4L * i, ORDER);
            largest = largest.blend(x, x.compare(VectorOperators.GT, largest));
        }
        if (whole < seen) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + 4L * whole, ORDER);
            largest = largest.blend(x, x.compare(VectorOperators.GT, largest).and(rest));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    private static float smallest(long at, int whole, int seen, VectorMask<Float> rest) {
        FloatVector smallest = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + 4L * i, ORDER);
            smallest = smallest.blend(x, x.compare(VectorOperators.LT, smallest));
        }
        if (whole < seen) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + 4L * whole, ORDER);
            smallest = smallest.blend(x, x.compare(VectorOperators.LT, smallest).and(rest));
        }
        return smallest.reduceLanes(VectorOperators.MIN);
    }

    /** {@code 2^64 exp(x)} for {@code x <= 0}, to 2 units in the last place; NaN stays. Small, so that it is inlined. */
    static FloatVector raisedExp(FloatVector x) {
        FloatVector shifted =
                x.lanewise(VectorOperators.FMA, FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(F, -LN2_HIGH), x);
        r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(F, -LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(F, 1 / 5040f);
        p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(F, 1 / 720f));
        p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(F, 1 / 120f));
        p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(F, 1 / 24f));
        p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(F, 1 / 6f));
        p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(F, 0.5f));
        p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(F, 1));
        p = p.lanewise(VectorOperators.FMA, r, FloatVector.broadcast(F, 1));
        IntVector power =
                shifted.viewAsIntegralLanes().sub(ROUNDER_BITS - 127 - RAISED).lanewise(VectorOperators.LSHL, 23);
        FloatVector result = p.mul(power.viewAsFloatingLanes());
        return result.blend(0, x.compare(VectorOperators.LT, LEAST));
    }

    /** The sum of all lanes, half onto half: the order that reduceLanes adds in is left open. */
    static float total(FloatVector x) {
        FloatVector sum = x;
        if (LANES > 8) {
            sum = sum.add(sum.rearrange(FOLD_8));
        }
        if (LANES > 4) {
            sum = sum.add(sum.rearrange(FOLD_4));
        }
        if (LANES > 2) {
            sum = sum.add(sum.rearrange(FOLD_2));
        }
        return sum.add(sum.rearrange(FOLD_1)).lane(0);
    }

    /**
     * Reads a number of each line of rows, so that lines come together and are not waited for one by one.
     *
     * @param spare address of a number that is overwritten
     */
    static void fetch(long at, long stride, int rows, int columns, long spare) {
        int sum = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column += 16) {
                sum += ALL.get(ValueLayout.JAVA_INT_UNALIGNED, at + row * stride + 4L * column);
            }
        }
        ALL.set(ValueLayout.JAVA_INT_UNALIGNED, spare, sum);
    }

    /** Zeros over rows of {@code columns} floats. */
    static void clear(long at, long stride, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            ALL.asSlice(at + row * stride, 4L * columns).fill((byte) 0);
        }
    }
}
