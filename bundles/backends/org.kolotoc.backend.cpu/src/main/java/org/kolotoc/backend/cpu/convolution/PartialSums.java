package org.kolotoc.backend.cpu.convolution;

import static org.kolotoc.backend.cpu.convolution.Memory.ALL;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * Gradients of weights by parts of the batch, one after the other in memory, added in that order. How many parts there are
 * the shape decides alone.
 */
final class PartialSums implements Workers.Task {
    /** Parts at most: enough for the threads of a workstation, and so few that adding them up takes no time. */
    private static final int MOST = 8;
    /** What parts may take beside the gradient itself. */
    private static final long MOST_BYTES = 32L << 20;

    private static final int PIECE = 1 << 13;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    private final int parts;
    private final long floats;
    private long first;

    /** @param floats of each part, which begin a multiple of 16 apart */
    PartialSums(int parts, long floats) {
        this.parts = parts;
        this.floats = floats;
    }

    /** Into how many parts a batch is cut; two where they are large, if there are so many images. */
    static int parts(int batch, long bytes) {
        return Math.min(batch, Math.clamp(MOST_BYTES / Math.max(1, bytes), 2, MOST));
    }

    /** Whether so many parts of so many bytes take no more than they may; two always do. */
    static boolean fit(int parts, long bytes) {
        return parts <= 2 || parts * bytes <= MOST_BYTES;
    }

    /** Floats from one part to the next. */
    static long stride(long floats) {
        return Math.ceilDiv(floats, 16L) * 16;
    }

    /** Adds the others to the part at an address. */
    void run(long address, Workers workers) {
        if (parts > 1) {
            first = address;
            workers.run(this, (int) Math.ceilDiv(floats, (long) PIECE));
        }
    }

    @Override
    public void run(int piece) {
        long begin = (long) piece * PIECE;
        int count = (int) Math.min(PIECE, floats - begin);
        long at = first + 4 * begin;
        long apart = 4 * stride(floats);
        int i = 0;
        for (; i <= count - SPECIES.length(); i += SPECIES.length()) {
            FloatVector sum = load(at + 4L * i);
            for (int part = 1; part < parts; part++) {
                sum = sum.add(load(at + 4L * i + part * apart));
            }
            sum.intoMemorySegment(ALL, at + 4L * i, NATIVE);
        }
        for (; i < count; i++) {
            float sum = ALL.get(ValueLayout.JAVA_FLOAT, at + 4L * i);
            for (int part = 1; part < parts; part++) {
                sum += ALL.get(ValueLayout.JAVA_FLOAT, at + 4L * i + part * apart);
            }
            ALL.set(ValueLayout.JAVA_FLOAT, at + 4L * i, sum);
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(SPECIES, ALL, address, NATIVE);
    }
}
