package org.kolotoc.tensor.reference;

import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Shape;

/** Elements as doubles, which hold every {@code f32} and {@code i32} exactly. */
final class HeapBuffer implements Buffer {
    private final DType dtype;
    private final Shape shape;
    /** Null once it is closed. */
    private volatile double[] elements;

    HeapBuffer(DType dtype, Shape shape) {
        this.dtype = dtype;
        this.shape = shape;
        try {
            this.elements = new double[shape.size()];
        } catch (OutOfMemoryError e) {
            throw new DeviceFailure(
                    "the heap has no room for " + dtype.label() + " " + shape + " in double precision: "
                            + (long) Double.BYTES * shape.size() + " bytes",
                    e);
        }
    }

    /** The elements themselves; whoever holds them keeps them, closed or not. */
    double[] elements() {
        double[] open = elements;
        if (open == null) {
            throw new IllegalStateException("the buffer of " + dtype.label() + " " + shape + " was closed");
        }
        return open;
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
        requireWhole(values.length);
        write(0, values);
    }

    @Override
    public void write(int[] values) {
        requireWhole(values.length);
        write(0, values);
    }

    @Override
    public void write(int first, float[] values) {
        double[] to = part(first, values.length, dtype == DType.F32);
        for (int i = 0; i < values.length; i++) {
            to[first + i] = values[i];
        }
    }

    @Override
    public void write(int first, int[] values) {
        double[] to = part(first, values.length, dtype != DType.F32);
        dtype.requireValues(values);
        for (int i = 0; i < values.length; i++) {
            to[first + i] = values[i];
        }
    }

    @Override
    public void read(float[] values) {
        requireWhole(values.length);
        read(0, values);
    }

    @Override
    public void read(int[] values) {
        requireWhole(values.length);
        read(0, values);
    }

    @Override
    public void read(int first, float[] values) {
        double[] from = part(first, values.length, dtype == DType.F32);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) from[first + i];
        }
    }

    @Override
    public void read(int first, int[] values) {
        double[] from = part(first, values.length, dtype != DType.F32);
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) from[first + i];
        }
    }

    @Override
    public void copyFrom(Buffer other) {
        if (other instanceof HeapBuffer heap && heap.dtype == dtype && heap.shape.equals(shape)) {
            System.arraycopy(heap.elements(), 0, elements(), 0, shape.size());
        } else {
            Buffer.super.copyFrom(other);
        }
    }

    @Override
    public void close() {
        elements = null;
    }

    private double[] part(int first, int length, boolean fits) {
        if (!fits || first < 0 || length > shape.size() - first) {
            throw new IllegalArgumentException("a buffer of " + dtype.label() + " " + shape
                    + " does not take an array of " + length + " from element " + first + " on");
        }
        return elements();
    }

    private void requireWhole(int length) {
        if (length != shape.size()) {
            throw new IllegalArgumentException(
                    "a buffer of " + dtype.label() + " " + shape + " does not take an array of " + length);
        }
    }
}
