package org.kolotoc.engine.prepare;

import java.util.function.Supplier;
import org.kolotoc.engine.state.Meanwhile;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** A buffer that takes memory when somebody first uses it: many programs are prepared long before they run. */
final class LateBuffer implements Buffer {
    private final DType dtype;
    private final Shape shape;
    private final Supplier<Buffer> allocation;
    private Buffer buffer;
    private boolean closed;

    LateBuffer(DType dtype, Shape shape, Supplier<Buffer> allocation) {
        this.dtype = dtype;
        this.shape = shape;
        this.allocation = allocation;
    }

    /** One for a value of a program. */
    static LateBuffer of(Tensor value, Backend backend) {
        return new LateBuffer(value.dtype(), value.shape(), () -> backend.allocate(value.dtype(), value.shape()));
    }

    /** The backend's own buffer. */
    Buffer allocated() {
        Meanwhile.requireStanding();
        if (buffer == null) {
            if (closed) {
                throw new IllegalStateException("the buffer was closed");
            }
            buffer = allocation.get();
        }
        return buffer;
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
        allocated().write(values);
    }

    @Override
    public void write(int[] values) {
        allocated().write(values);
    }

    @Override
    public void write(int first, float[] values) {
        allocated().write(first, values);
    }

    @Override
    public void write(int first, int[] values) {
        allocated().write(first, values);
    }

    @Override
    public void read(float[] values) {
        allocated().read(values);
    }

    @Override
    public void read(int[] values) {
        allocated().read(values);
    }

    @Override
    public void read(int first, float[] values) {
        allocated().read(first, values);
    }

    @Override
    public void read(int first, int[] values) {
        allocated().read(first, values);
    }

    @Override
    public void copyFrom(Buffer other) {
        Buffer from = other instanceof BorrowedBuffer borrowed ? borrowed.buffer() : other;
        allocated().copyFrom(from instanceof LateBuffer late ? late.allocated() : from);
    }

    @Override
    public void close() {
        closed = true;
        if (buffer != null) {
            buffer.close();
        }
    }
}
