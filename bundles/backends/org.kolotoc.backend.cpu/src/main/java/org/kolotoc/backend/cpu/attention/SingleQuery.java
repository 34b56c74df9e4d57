package org.kolotoc.backend.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.kolotoc.compiler.Launch;

/**
 * Attention of one query a head, which is what writing token by token consists of: nothing of keys and values is used twice,
 * so they are read once, in order, and no further than the query sees.
 */
final class SingleQuery {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = F.length();
    private static final long STEP = 4L * LANES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private SingleQuery() {}

    /** Whether a head has one query, and keys and values are whole vectors. */
    static boolean takes(Launch.Heads heads) {
        return heads.m() == 1 && heads.d() % LANES == 0 && heads.e() % LANES == 0;
    }

    /**
     * One head.
     *
     * @param query address of {@code d} floats
     * @param keys address of the first of {@code seen} keys, at least one
     * @param keyRow bytes from key to key
     * @param values address of the first value
     * @param valueRow bytes from value to value
     * @param weights address of memory for {@code seen} floats, and as many more as make whole vectors
     * @param out address of {@code e} floats
     */
    static void attend(
            Launch.Heads heads,
            long query,
            long keys,
            long keyRow,
            long values,
            long valueRow,
            int seen,
            long weights,
            long out) {
        scores(query, keys, keyRow, seen, heads.d(), weights);
        ScoreRows.softmax(weights, 0, 1, seen, seen, seen, 0, (float) heads.scale());
        int e = heads.e();
        int at = 0;
        for (; at <= e - 4 * LANES; at += 4 * LANES) {
            gather4(weights, values + 4L * at, valueRow, seen, out + 4L * at);
        }
        for (; at < e; at += LANES) {
            gather(weights, values + 4L * at, valueRow, seen, out + 4L * at);
        }
    }

    /** The products of a query with each key. */
    private static void scores(long query, long keys, long keyRow, int seen, int d, long out) {
        long bytes = 4L * d;
        int key = 0;
        for (; key <= seen - 2; key += 2) {
            long one = keys + key * keyRow;
            long two = one + keyRow;
            FloatVector s = FloatVector.zero(F);
            FloatVector t = FloatVector.zero(F);
            for (long at = 0; at < bytes; at += STEP) {
                FloatVector q = FloatVector.fromMemorySegment(F, ALL, query + at, ORDER);
                s = q.fma(FloatVector.fromMemorySegment(F, ALL, one + at, ORDER), s);
                t = q.fma(FloatVector.fromMemorySegment(F, ALL, two + at, ORDER), t);
            }
            ALL.set(ValueLayout.JAVA_FLOAT, out + 4L * key, ScoreRows.total(s));
            ALL.set(ValueLayout.JAVA_FLOAT, out + 4L * key + 4, ScoreRows.total(t));
        }
        if (key < seen) {
            FloatVector s = FloatVector.zero(F);
            for (long at = 0; at < bytes; at += STEP) {
                FloatVector q = FloatVector.fromMemorySegment(F, ALL, query + at, ORDER);
                s = q.fma(FloatVector.fromMemorySegment(F, ALL, keys + key * keyRow + at, ORDER), s);
            }
            ALL.set(ValueLayout.JAVA_FLOAT, out + 4L * key, ScoreRows.total(s));
        }
    }

    /** Four vectors of the sum of weighted values. */
    private static void gather4(long weights, long values, long valueRow, int seen, long out) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = FloatVector.zero(F);
        FloatVector s2 = FloatVector.zero(F);
        FloatVector s3 = FloatVector.zero(F);
        for (int key = 0; key < seen; key++) {
            long value = values + key * valueRow;
            FloatVector w = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT, weights + 4L * key));
            s0 = w.fma(FloatVector.fromMemorySegment(F, ALL, value, ORDER), s0);
            s1 = w.fma(FloatVector.fromMemorySegment(F, ALL, value + STEP, ORDER), s1);
            s2 = w.fma(FloatVector.fromMemorySegment(F, ALL, value + 2 * STEP, ORDER), s2);
            s3 = w.fma(FloatVector.fromMemorySegment(F, ALL, value + 3 * STEP, ORDER), s3);
        }
        s0.intoMemorySegment(ALL, out, ORDER);
        s1.intoMemorySegment(ALL, out + STEP, ORDER);
        s2.intoMemorySegment(ALL, out + 2 * STEP, ORDER);
        s3.intoMemorySegment(ALL, out + 3 * STEP, ORDER);
    }

    private static void gather(long weights, long values, long valueRow, int seen, long out) {
        FloatVector sum = FloatVector.zero(F);
        for (int key = 0; key < seen; key++) {
            FloatVector w = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT, weights + 4L * key));
            sum = w.fma(FloatVector.fromMemorySegment(F, ALL, values + key * valueRow, ORDER), sum);
        }
        sum.intoMemorySegment(ALL, out, ORDER);
    }
}
