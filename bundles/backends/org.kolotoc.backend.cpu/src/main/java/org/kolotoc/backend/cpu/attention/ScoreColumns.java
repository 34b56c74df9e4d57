package org.kolotoc.backend.cpu.attention;

import static org.kolotoc.backend.cpu.attention.ScoreRows.raisedExp;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax down the columns of transposed scores, a vector of queries at once, and its gradient: nothing goes from lane to
 * lane, and each query's sums go through its keys in the same order wherever it lies in a block.
 *
 * <p>Parameters: {@code at} the first row (key) of the vector, {@code stride} bytes from key to key, {@code keys} rows
 * that are there, {@code whole} rows that all lanes see; of each row behind, lane {@code i} sees the {@code k}-th if
 * {@code k < seen + i}.
 */
final class ScoreColumns {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final FloatVector LANE = (FloatVector) F.broadcast(0).addIndex(1);

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private ScoreColumns() {}

    /**
     * Turns scores into weights: {@code exp(scale (x - most)) / sum}, exactly 0 for keys that a query does not see.
     *
     * <p>In parts that hand on what they found through memory: vectors that cross a call are boxed by HotSpot as it pleases
     * (measured: up to four times as slow).
     *
     * @param most address of memory for a vector
     */
    static void softmax(long at, long stride, int keys, int whole, int seen, float scale, long most) {
        // What is weighed most is the largest score, and the smallest if the scale is negative. Differences are scaled,
        // not scores: the one that is weighed most is 0 whatever the scale.
        if (scale < 0) {
            smallest(at, stride, keys, whole, seen, most);
        } else {
            largest(at, stride, keys, whole, seen, most);
        }
        exponentials(at, stride, keys, most, scale);
        hide(at, stride, keys, whole, seen);
        divide(at, stride, keys);
    }

    private static VectorMask<Float> sees(int k, int seen) {
        return LANE.compare(VectorOperators.GT, (float) (k - seen));
    }

    /** Four at once: what is largest so far takes long to be known. */
    private static void largest(long at, long stride, int keys, int whole, int seen, long most) {
        FloatVector a = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int k = 0;
        for (; k <= whole - 4; k += 4) {
            long row = at + k * stride;
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, row, ORDER);
            FloatVector y = FloatVector.fromMemorySegment(F, ALL, row + stride, ORDER);
            FloatVector z = FloatVector.fromMemorySegment(F, ALL, row + 2 * stride, ORDER);
            FloatVector w = FloatVector.fromMemorySegment(F, ALL, row + 3 * stride, ORDER);
            a = a.blend(x, x.compare(VectorOperators.GT, a));
            b = b.blend(y, y.compare(VectorOperators.GT, b));
            c = c.blend(z, z.compare(VectorOperators.GT, c));
            d = d.blend(w, w.compare(VectorOperators.GT, d));
        }
        for (; k <= keys - 4; k += 4) {
            long row = at + k * stride;
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, row, ORDER);
            FloatVector y = FloatVector.fromMemorySegment(F, ALL, row + stride, ORDER);
            FloatVector z = FloatVector.fromMemorySegment(F, ALL, row + 2 * stride, ORDER);
            FloatVector w = FloatVector.fromMemorySegment(F, ALL, row + 3 * stride, ORDER);
            a = a.blend(x, x.compare(VectorOperators.GT, a).and(sees(k, seen)));
            b = b.blend(y, y.compare(VectorOperators.GT, b).and(sees(k + 1, seen)));
            c = c.blend(z, z.compare(VectorOperators.GT, c).and(sees(k + 2, seen)));
            d = d.blend(w, w.compare(VectorOperators.GT, d).and(sees(k + 3, seen)));
        }
        for (; k < keys; k++) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + k * stride, ORDER);
            a = a.blend(x, x.compare(VectorOperators.GT, a).and(sees(k, seen)));
        }
        a = a.blend(b, b.compare(VectorOperators.GT, a));
        c = c.blend(d, d.compare(VectorOperators.GT, c));
        a.blend(c, c.compare(VectorOperators.GT, a)).intoMemorySegment(ALL, most, ORDER);
    }

    private static void smallest(long at, long stride, int keys, int whole, int seen, long most) {
        FloatVector smallest = FloatVector.broadcast(F, Float.POSITIVE_INFINITY);
        for (int k = 0; k < whole; k++) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + k * stride, ORDER);
            smallest = smallest.blend(x, x.compare(VectorOperators.LT, smallest));
        }
        for (int k = whole; k < keys; k++) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + k * stride, ORDER);
            smallest = smallest.blend(x, x.compare(VectorOperators.LT, smallest).and(sees(k, seen)));
        }
        smallest.intoMemorySegment(ALL, most, ORDER);
    }

    private static void exponentials(long at, long stride, int keys, long most, float scale) {
        FloatVector top = FloatVector.fromMemorySegment(F, ALL, most, ORDER);
        for (int k = 0; k < keys; k++) {
            FloatVector x = FloatVector.fromMemorySegment(F, ALL, at + k * stride, ORDER);
            raisedExp(x.sub(top).mul(scale)).intoMemorySegment(ALL, at + k * stride, ORDER);
        }
    }

    /** Puts 0 where a query does not see a key. */
    private static void hide(long at, long stride, int keys, int whole, int seen) {
        for (int k = whole; k < keys; k++) {
            FloatVector e = FloatVector.fromMemorySegment(F, ALL, at + k * stride, ORDER);
            FloatVector.zero(F).blend(e, sees(k, seen)).intoMemorySegment(ALL, at + k * stride, ORDER);
        }
    }

    /** By their sums; who sees nothing has a sum of 0, and keeps weights of 0. */
    private static void divide(long at, long stride, int keys) {
        FloatVector even = FloatVector.zero(F);
        FloatVector odd = FloatVector.zero(F);
        int key = 0;
        for (; key <= keys - 2; key += 2) {
            even = even.add(FloatVector.fromMemorySegment(F, ALL, at + key * stride, ORDER));
            odd = odd.add(FloatVector.fromMemorySegment(F, ALL, at + (key + 1) * stride, ORDER));
        }
        if (key < keys) {
            even = even.add(FloatVector.fromMemorySegment(F, ALL, at + key * stride, ORDER));
        }
        FloatVector sum = even.add(odd);
        FloatVector share =
                FloatVector.broadcast(F, 1).div(sum).blend(0, sum.compare(VectorOperators.EQ, FloatVector.zero(F)));
        for (int k = 0; k < keys; k++) {
            FloatVector e = FloatVector.fromMemorySegment(F, ALL, at + k * stride, ORDER);
            e.mul(share).intoMemorySegment(ALL, at + k * stride, ORDER);
        }
    }

    /**
     * Turns the gradient of weights into that of products of queries and keys: {@code scale w (g - sum(w g))}, in place of
     * {@code g}.
     *
     * @param weights the first row of the weights; 0 where a query does not see a key
     * @param gradients the first row of what the weights are sent
     */
    static void softmaxGradient(long weights, long gradients, long stride, int keys, float scale) {
        FloatVector even = FloatVector.zero(F);
        FloatVector odd = FloatVector.zero(F);
        for (int k = 0; k < keys; k += 2) {
            FloatVector w = FloatVector.fromMemorySegment(F, ALL, weights + k * stride, ORDER);
            even = w.fma(FloatVector.fromMemorySegment(F, ALL, gradients + k * stride, ORDER), even);
            if (k + 1 < keys) {
                FloatVector v = FloatVector.fromMemorySegment(F, ALL, weights + (k + 1) * stride, ORDER);
                odd = v.fma(FloatVector.fromMemorySegment(F, ALL, gradients + (k + 1) * stride, ORDER), odd);
            }
        }
        FloatVector mean = even.add(odd);
        for (int k = 0; k < keys; k++) {
            FloatVector w = FloatVector.fromMemorySegment(F, ALL, weights + k * stride, ORDER);
            FloatVector g = FloatVector.fromMemorySegment(F, ALL, gradients + k * stride, ORDER);
            w.mul(scale).mul(g.sub(mean)).intoMemorySegment(ALL, gradients + k * stride, ORDER);
        }
    }
}
