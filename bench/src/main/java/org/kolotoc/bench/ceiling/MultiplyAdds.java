package org.kolotoc.bench.ceiling;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Multiply-adds on registers alone. */
final class MultiplyAdds {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;

    /** About 2 ms. */
    private static final int COUNT = 500_000;

    private static volatile float sink;

    private MultiplyAdds() {}

    /** Twelve chains, each from a value of its own, hide the latency of two units; the values stay near one. */
    static long run() {
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector a = FloatVector.broadcast(SPECIES, sink);
        FloatVector b = a.add(0.01f);
        FloatVector c = a.add(0.02f);
        FloatVector d = a.add(0.03f);
        FloatVector e = a.add(0.04f);
        FloatVector f = a.add(0.05f);
        FloatVector g = a.add(0.06f);
        FloatVector h = a.add(0.07f);
        FloatVector i = a.add(0.08f);
        FloatVector j = a.add(0.09f);
        FloatVector k = a.add(0.10f);
        FloatVector l = a.add(0.11f);
        for (int n = 0; n < COUNT; n++) {
            a = a.fma(half, half);
            b = b.fma(half, half);
            c = c.fma(half, half);
            d = d.fma(half, half);
            e = e.fma(half, half);
            f = f.fma(half, half);
            g = g.fma(half, half);
            h = h.fma(half, half);
            i = i.fma(half, half);
            j = j.fma(half, half);
            k = k.fma(half, half);
            l = l.fma(half, half);
        }
        sink = a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .lane(0);
        return 2L * CHAINS * COUNT * SPECIES.length();
    }
}
