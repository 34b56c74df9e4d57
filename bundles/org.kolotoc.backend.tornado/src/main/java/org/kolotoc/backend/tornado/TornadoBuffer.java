package org.kolotoc.backend.tornado;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
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
        this.memory = arena.allocate(Math.max(DType.BYTES, shape.bytes()), DType.BYTES);
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    /** The content, brought here if a device has a newer one. */
    synchronized MemorySegment content() {
        if (newest != null) {
            newest.fetch(memory);
            newest = null;
        }
        return memory;
    }

    synchronized long version() {
        return version;
    }

    /** A device has written new content; returns its version. */
    synchronized long writtenAt(Place place) {
        newest = place;
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
        check(values.length, dtype == DType.F32);
        write(0, values);
    }

    @Override
    public void write(int[] values) {
        check(values.length, dtype != DType.F32);
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
        written(values.length);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, 4L * first, values.length);
    }

    private void written(int count) {
        if (count < shape.size()) {
            content();
        }
        newest = null;
        version++;
    }

    @Override
    public void read(float[] values) {
        check(values.length, dtype == DType.F32);
        read(0, values);
    }

    @Override
    public void read(int[] values) {
        check(values.length, dtype != DType.F32);
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

    private void check(int length, boolean fits) {
        if (!fits || length != shape.size()) {
            throw new IllegalArgumentException(
                    "a buffer of " + dtype.label() + " " + shape + " does not take an array of " + length);
        }
    }
}
