package org.kolotoc.backend.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Elements;
import org.kolotoc.tensor.Shape;

/** The host's copy of a tensor, and who has a newer one. A device shares no array between two plans: it goes through here. */
final class TornadoBuffer implements Buffer {
    /** A place on a device where a buffer's newest content is. */
    @FunctionalInterface
    interface Place {
        /** Copies the content out. */
        void fetch(MemorySegment to);
    }

    private final DType dtype;
    private final Shape shape;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    /** Where the newest content is, null when this copy is as new. */
    private Place newest;
    /** Counts contents, so that others know whether theirs is this one. */
    private long version;

    TornadoBuffer(DType dtype, Shape shape) {
        this.dtype = dtype;
        this.shape = shape;
        try {
            this.memory = arena.allocate(Math.max(DType.BYTES, shape.bytes()), DType.BYTES);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new DeviceFailure(
                    "the host has no memory for the copy of " + dtype.label() + " " + shape + ": " + shape.bytes()
                            + " bytes",
                    e);
        }
    }

    /** One that holds these elements. */
    static TornadoBuffer of(Elements elements) {
        TornadoBuffer buffer = new TornadoBuffer(elements.dtype(), Shape.of(elements.size()));
        elements.copyTo(buffer.memory);
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

    /** Refuses when it was closed. */
    synchronized void requireOpen() {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the buffer of " + dtype.label() + " " + shape + " was closed");
        }
    }

    /** The content, brought here if a device has a newer one. */
    synchronized MemorySegment content() {
        requireOpen();
        if (newest != null) {
            newest.fetch(memory);
            newest = null;
        }
        return memory;
    }

    synchronized long version() {
        return version;
    }

    /** A device has written new content; returns its version. A buffer that was closed meanwhile has no use for it. */
    synchronized long writtenAt(Place place) {
        newest = arena.scope().isAlive() ? place : null;
        return ++version;
    }

    /** Brings the content here if it is at a place that goes away. */
    synchronized void leave(Place place) {
        if (newest == place && arena.scope().isAlive()) {
            content();
        }
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
    public synchronized void write(int first, float[] values) {
        checkPart(first, values.length, dtype == DType.F32);
        written(values.length);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 4L * first, values.length);
    }

    @Override
    public synchronized void write(int first, int[] values) {
        checkPart(first, values.length, dtype != DType.F32);
        dtype.requireValues(values);
        written(values.length);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, 4L * first, values.length);
    }

    private void written(int count) {
        requireOpen();
        if (count < shape.size()) {
            content();
        }
        newest = null;
        version++;
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
    public synchronized void read(int first, float[] values) {
        checkPart(first, values.length, dtype == DType.F32);
        MemorySegment.copy(content(), ValueLayout.JAVA_FLOAT, 4L * first, values, 0, values.length);
    }

    @Override
    public synchronized void read(int first, int[] values) {
        checkPart(first, values.length, dtype != DType.F32);
        MemorySegment.copy(content(), ValueLayout.JAVA_INT, 4L * first, values, 0, values.length);
    }

    /** From host copy to host copy: what the other has on its device comes down once, and goes up where this is used. */
    @Override
    public void copyFrom(Buffer other) {
        if (other instanceof TornadoBuffer same && same.dtype == dtype && same.shape.equals(shape)) {
            replace(same.content());
        } else {
            Buffer.super.copyFrom(other);
        }
    }

    private synchronized void replace(MemorySegment content) {
        written(shape.size());
        MemorySegment.copy(content, 0, memory, 0, shape.bytes());
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            newest = null;
            arena.close();
        }
    }

    private void checkPart(int first, int length, boolean fits) {
        if (!fits || first < 0 || length > shape.size() - first) {
            throw new IllegalArgumentException("a buffer of " + dtype.label() + " " + shape
                    + " does not take an array of " + length + " from element " + first + " on");
        }
    }

    private void requireWhole(int length) {
        if (length != shape.size()) {
            throw new IllegalArgumentException(
                    "a buffer of " + dtype.label() + " " + shape + " does not take an array of " + length);
        }
    }
}
