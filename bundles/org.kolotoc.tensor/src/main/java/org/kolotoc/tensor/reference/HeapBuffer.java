package org.kolotoc.tensor.reference;

import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** Elements as doubles, which hold every {@code f32} and {@code i32} exactly. */
final class HeapBuffer implements Buffer {
    private final DType dtype;
    private final Shape shape;
    final double[] elements;

    HeapBuffer(DType dtype, Shape shape) {
        this.dtype = dtype;
        this.shape = shape;
        this.elements = new double[shape.size()];
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
        check(values.length, dtype == DType.F32);
        for (int i = 0; i < values.length; i++) {
            elements[i] = values[i];
        }
    }

    @Override
    public void write(int[] values) {
        check(values.length, dtype != DType.F32);
        for (int i = 0; i < values.length; i++) {
            elements[i] = values[i];
        }
    }

    @Override
    public void write(int first, float[] values) {
        checkPart(first, values.length, dtype == DType.F32);
        for (int i = 0; i < values.length; i++) {
            elements[first + i] = values[i];
        }
    }

    @Override
    public void write(int first, int[] values) {
        checkPart(first, values.length, dtype != DType.F32);
        for (int i = 0; i < values.length; i++) {
            elements[first + i] = values[i];
        }
    }

    @Override
    public void read(float[] values) {
        check(values.length, dtype == DType.F32);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) elements[i];
        }
    }

    @Override
    public void read(int[] values) {
        check(values.length, dtype != DType.F32);
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) elements[i];
        }
    }

    @Override
    public void read(int first, float[] values) {
        checkPart(first, values.length, dtype == DType.F32);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) elements[first + i];
        }
    }

    @Override
    public void read(int first, int[] values) {
        checkPart(first, values.length, dtype != DType.F32);
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) elements[first + i];
        }
    }

    @Override
    public void close() {}

    private void checkPart(int first, int length, boolean fits) {
        if (!fits || first < 0 || length > elements.length - first) {
            throw new IllegalArgumentException("a buffer of " + dtype.label() + " " + shape
                    + " does not take an array of " + length + " from element " + first + " on");
        }
    }

    private void check(int length, boolean fits) {
        if (!fits || length != elements.length) {
            throw new IllegalArgumentException(
                    "a buffer of " + dtype.label() + " " + shape + " does not take an array of " + length);
        }
    }
}
