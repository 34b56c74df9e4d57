package uk.ac.manchester.tornado.api.types.arrays;

import java.lang.foreign.MemorySegment;
import org.kolotoc.signatures.Signature;

/** Elements of type {@code float}. */
public final class FloatArray extends TornadoNativeArray {
    public FloatArray(int size) {
        throw new Signature();
    }

    public static FloatArray fromArray(float[] values) {
        throw new Signature();
    }

    public float[] toHeapArray() {
        throw new Signature();
    }

    public float get(int index) {
        throw new Signature();
    }

    public void set(int index, float value) {
        throw new Signature();
    }

    public void init(float value) {
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
