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

/**
 * Softmax over the rows of a block of scores, and its gradient. What lies behind a row up to a whole number of vectors is
 * memory of the block too, so that only the last vector needs a mask.
 */
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

    /**
     * Turns scores into weights: {@code exp(scale (x - most)) / sum}, exactly 0 for keys that a query does not see.
     *
     * @param at address of the first row
     * @param stride bytes from row to row
     * @param limit columns of the block
     * @param most columns that any row sees, no more than those of the block
     * @param seen columns that the first row sees; may be negative
     * @param more columns that each further row sees more: 1 if causal, else 0
     */
    static void softmax(long at, long stride, int rows, int limit, int most, int seen, int more, float scale) {
        for (int row = 0; row < rows; row++) {
            softmaxRow(at + row * stride, Math.clamp(seen + (long) row * more, 0, Math.min(most, limit)), limit, scale);
        }
    }

    /** A whole number in memory. */
    static int whole(long at) {
        return ALL.get(ValueLayout.JAVA_INT, at);
    }

    private static void softmaxRow(long at, int seen, int limit, float scale) {
        int whole = seen & -LANES;
        VectorMask<Float> rest = LANE.lt(seen - whole);
        // What is weighed most is the largest score, and the smallest if the scale is negative. Differences are scaled,
        // not
        // scores: the one that is weighed most is 0 whatever the scale.
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
        int i = 0;
        for (; i < seen; i += LANES) {
            FloatVector e = FloatVector.fromMemorySegment(F, ALL, at + 4L * i, ORDER);
            e.mul(share).intoMemorySegment(ALL, at + 4L * i, ORDER);
        }
        for (; i < limit; i += LANES) {
            FloatVector.zero(F).intoMemorySegment(ALL, at + 4L * i, ORDER);
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
    private static FloatVector raisedExp(FloatVector x) {
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

    /**
     * Turns the gradient of weights into that of products of queries and keys:
     * {@code scale w (g - sum(w g))}, in place of {@code g}.
     *
     * @param weights address of the first row of the weights; 0 behind the keys that a query sees
     * @param gradients address of the first row of what the weights are sent
     * @param stride bytes from row to row, of both
     * @param limit columns of the block
     */
    static void softmaxGradient(long weights, long gradients, long stride, int rows, int limit, float scale) {
        for (int row = 0; row < rows; row++) {
            gradientRow(weights + row * stride, gradients + row * stride, limit, scale);
        }
    }

    private static void gradientRow(long weights, long gradients, int limit, float scale) {
        int whole = limit & -LANES;
        FloatVector sum = FloatVector.zero(F);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector w = FloatVector.fromMemorySegment(F, ALL, weights + 4L * i, ORDER);
            sum = w.fma(FloatVector.fromMemorySegment(F, ALL, gradients + 4L * i, ORDER), sum);
        }
        if (whole < limit) {
            VectorMask<Float> rest = LANE.lt(limit - whole);
            FloatVector w = FloatVector.fromMemorySegment(F, ALL, weights + 4L * whole, ORDER);
            FloatVector g = FloatVector.fromMemorySegment(F, ALL, gradients + 4L * whole, ORDER);
            sum = sum.add(FloatVector.zero(F).blend(w.mul(g), rest));
        }
        float mean = total(sum);
        for (int i = 0; i < limit; i += LANES) {
            FloatVector w = FloatVector.fromMemorySegment(F, ALL, weights + 4L * i, ORDER);
            FloatVector g = FloatVector.fromMemorySegment(F, ALL, gradients + 4L * i, ORDER);
            w.mul(scale).mul(g.sub(mean)).intoMemorySegment(ALL, gradients + 4L * i, ORDER);
        }
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

    /** Zeros over rows of {@code columns} floats. */
    static void clear(long at, long stride, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            ALL.asSlice(at + row * stride, 4L * columns).fill((byte) 0);
        }
    }
}
