package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import org.kolotoc.signatures.Signature;

/** Elements outside the heap, with a header that the device gets too. */
public abstract sealed class TornadoNativeArray permits FloatArray, IntArray {
    public static final long ARRAY_HEADER = headerBytes();

    private static long headerBytes() {
        throw new Signature();
    }

    public abstract int getSize();

    public abstract MemorySegment getSegment();

    public abstract MemorySegment getSegmentWithHeader();

    public abstract long getNumBytesOfSegment();

    public abstract long getNumBytesOfSegmentWithHeader();
}
