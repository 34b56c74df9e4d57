package org.kolotoc.tck;

import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** A buffer that keeps what is written to it, in arrays made once. */
final class Sink implements Buffer {
    private final DType dtype;
    private final Shape shape;
    final float[] floats;
    final int[] ints;

    Sink(DType dtype, Shape shape) {
        this.dtype = dtype;
        this.shape = shape;
        this.floats = new float[shape.size()];
        this.ints = new int[shape.size()];
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void write(float[] values) {
        System.arraycopy(values, 0, floats, 0, floats.length);
    }

    @Override
    public void write(int first, float[] values) {
        System.arraycopy(values, 0, floats, first, values.length);
    }

    @Override
    public void write(int first, int[] values) {
        System.arraycopy(values, 0, ints, first, values.length);
    }

    @Override
    public void write(int[] values) {
        System.arraycopy(values, 0, ints, 0, ints.length);
    }

    @Override
    public void read(float[] values) {
        System.arraycopy(floats, 0, values, 0, floats.length);
    }

    @Override
    public void read(int[] values) {
        System.arraycopy(ints, 0, values, 0, ints.length);
    }

    @Override
    public void read(int first, float[] values) {
        System.arraycopy(floats, first, values, 0, values.length);
    }

    @Override
    public void read(int first, int[] values) {
        System.arraycopy(ints, first, values, 0, values.length);
    }

    @Override
    public void close() {}
}
