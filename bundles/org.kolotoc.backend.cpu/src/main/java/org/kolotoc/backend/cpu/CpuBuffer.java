package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** Elements outside the heap, at an address that is a multiple of 64. */
final class CpuBuffer implements Buffer {
    static final long ALIGNMENT = 64;

    private final DType dtype;
    private final Shape shape;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    CpuBuffer(DType dtype, Shape shape) {
        this.dtype = dtype;
        this.shape = shape;
        this.memory = arena.allocate(Math.max(ALIGNMENT, shape.bytes()), ALIGNMENT);
    }

    long address() {
        return memory.address();
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
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
    }

    @Override
    public void write(int[] values) {
        check(values.length, dtype != DType.F32);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, 0, values.length);
    }

    @Override
    public void write(int first, float[] values) {
        checkPart(first, values.length, dtype == DType.F32);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 4L * first, values.length);
    }

    @Override
    public void write(int first, int[] values) {
        checkPart(first, values.length, dtype != DType.F32);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, 4L * first, values.length);
    }

    @Override
    public void read(float[] values) {
        check(values.length, dtype == DType.F32);
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
    }

    @Override
    public void read(int[] values) {
        check(values.length, dtype != DType.F32);
        MemorySegment.copy(memory, ValueLayout.JAVA_INT, 0, values, 0, values.length);
    }

    @Override
    public void read(int first, float[] values) {
        checkPart(first, values.length, dtype == DType.F32);
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 4L * first, values, 0, values.length);
    }

    @Override
    public void read(int first, int[] values) {
        checkPart(first, values.length, dtype != DType.F32);
        MemorySegment.copy(memory, ValueLayout.JAVA_INT, 4L * first, values, 0, values.length);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
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
