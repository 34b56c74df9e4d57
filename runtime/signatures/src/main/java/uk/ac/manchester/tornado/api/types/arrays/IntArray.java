package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import org.kolotoc.signatures.Signature;

/** Elements of type {@code int}. */
public final class IntArray extends TornadoNativeArray {
    public IntArray(int size) {
        throw new Signature();
    }

    public static IntArray fromArray(int[] values) {
        throw new Signature();
    }

    public int[] toHeapArray() {
        throw new Signature();
    }

    public int get(int index) {
        throw new Signature();
    }

    public void set(int index, int value) {
        throw new Signature();
    }

    public void init(int value) {
        throw new Signature();
    }

    @Override
    public int getSize() {
        throw new Signature();
    }

    @Override
    public MemorySegment getSegment() {
        throw new Signature();
    }

    @Override
    public MemorySegment getSegmentWithHeader() {
        throw new Signature();
    }

    @Override
    public long getNumBytesOfSegment() {
        throw new Signature();
    }

    @Override
    public long getNumBytesOfSegmentWithHeader() {
        throw new Signature();
    }
}
