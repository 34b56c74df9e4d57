package org.kolotoc.bench.ceiling;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Passes over off-heap memory with the loads and stores that kernels use. */
final class Streams {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.vectorByteSize();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int ALIGNMENT = 4096;

    /** A round goes over so many bytes, again and again or one part after the other: about 2 ms. */
    private static final int ROUND = 32 << 20;

    private static volatile float sink;

    private Streams() {}

    /** Copies one half of so many bytes to the other. */
    static Ceilings.Round copying(int bytes) {
        MemorySegment from = filled(bytes / 2);
        MemorySegment to = filled(bytes / 2);
        long part = Math.min(ROUND, bytes) / 2;
        return new Ceilings.Round() {
            private long at;

            @Override
            public long run() {
                for (long left = ROUND; left > 0; left -= 2 * part) {
                    copy(from.asSlice(at, part), to.asSlice(at, part));
                    at = (at + part) % from.byteSize();
                }
                return ROUND;
            }
        };
    }

    /** Adds all of so many bytes. */
    static Ceilings.Round reading(int bytes) {
        MemorySegment from = filled(bytes);
        long part = Math.min(ROUND, bytes);
        return new Ceilings.Round() {
            private long at;

            @Override
            public long run() {
                for (long left = ROUND; left > 0; left -= part) {
                    sink = sum(from.asSlice(at, part));
                    at = (at + part) % from.byteSize();
                }
                return ROUND;
            }
        };
    }

    /** Touched by the thread that uses it; freed with the segment. */
    private static MemorySegment filled(int bytes) {
        return Arena.ofAuto().allocate(bytes, ALIGNMENT).fill((byte) 0);
    }

    private static void copy(MemorySegment from, MemorySegment to) {
        for (long at = 0; at < from.byteSize(); at += 4L * WIDTH) {
            FloatVector a = FloatVector.fromMemorySegment(SPECIES, from, at, ORDER);
            FloatVector b = FloatVector.fromMemorySegment(SPECIES, from, at + WIDTH, ORDER);
            FloatVector c = FloatVector.fromMemorySegment(SPECIES, from, at + 2 * WIDTH, ORDER);
            FloatVector d = FloatVector.fromMemorySegment(SPECIES, from, at + 3 * WIDTH, ORDER);
            a.intoMemorySegment(to, at, ORDER);
            b.intoMemorySegment(to, at + WIDTH, ORDER);
            c.intoMemorySegment(to, at + 2 * WIDTH, ORDER);
            d.intoMemorySegment(to, at + 3 * WIDTH, ORDER);
        }
    }

    private static float sum(MemorySegment from) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        FloatVector e = a;
        FloatVector f = a;
        FloatVector g = a;
        FloatVector h = a;
        for (long at = 0; at < from.byteSize(); at += 8L * WIDTH) {
            a = a.add(FloatVector.fromMemorySegment(SPECIES, from, at, ORDER));
            b = b.add(FloatVector.fromMemorySegment(SPECIES, from, at + WIDTH, ORDER));
            c = c.add(FloatVector.fromMemorySegment(SPECIES, from, at + 2 * WIDTH, ORDER));
            d = d.add(FloatVector.fromMemorySegment(SPECIES, from, at + 3 * WIDTH, ORDER));
            e = e.add(FloatVector.fromMemorySegment(SPECIES, from, at + 4 * WIDTH, ORDER));
            f = f.add(FloatVector.fromMemorySegment(SPECIES, from, at + 5 * WIDTH, ORDER));
            g = g.add(FloatVector.fromMemorySegment(SPECIES, from, at + 6 * WIDTH, ORDER));
            h = h.add(FloatVector.fromMemorySegment(SPECIES, from, at + 7 * WIDTH, ORDER));
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).reduceLanes(jdk.incubator.vector.VectorOperators.ADD);
    }
}
