package org.kolotoc.engine.prepare;

import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** A buffer as a plugin gets it, which reads and writes it: it belongs to the run, or to a program, and is closed with that. */
record BorrowedBuffer(Buffer buffer) implements Buffer {
    @Override
    public DType dtype() {
        return buffer.dtype();
    }

    @Override
    public Shape shape() {
        return buffer.shape();
    }

    @Override
    public void write(float[] values) {
        buffer.write(values);
    }

    @Override
    public void write(int[] values) {
        buffer.write(values);
    }

    @Override
    public void write(int first, float[] values) {
        buffer.write(first, values);
    }

    @Override
    public void write(int first, int[] values) {
        buffer.write(first, values);
    }

    @Override
    public void read(float[] values) {
        buffer.read(values);
    }

    @Override
    public void read(int[] values) {
        buffer.read(values);
    }

    @Override
    public void read(int first, float[] values) {
        buffer.read(first, values);
    }

    @Override
    public void read(int first, int[] values) {
        buffer.read(first, values);
    }

    @Override
    public void copyFrom(Buffer other) {
        buffer.copyFrom(other instanceof BorrowedBuffer same ? same.buffer : other);
    }

    /** @throws UnsupportedOperationException in the hands of whoever closes what is not his own */
    @Override
    public void close() {
        throw new UnsupportedOperationException(
                "this buffer of " + shape() + " is the run's, which closes it; a plugin closes what it made itself");
    }
}
