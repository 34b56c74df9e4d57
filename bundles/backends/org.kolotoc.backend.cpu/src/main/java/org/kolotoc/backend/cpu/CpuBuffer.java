package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** Elements outside the heap, at an address that is a multiple of 64. */
final class CpuBuffer implements Buffer {
    private final DType dtype;
    private final Shape shape;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final Dependents steps;

    CpuBuffer(DType dtype, Shape shape) {
        this.dtype = dtype;
        this.shape = shape;
        this.steps = new Dependents("the buffer of " + dtype.label() + " " + shape);
        this.memory = AlignedMemory.allocate(arena, shape.bytes(), dtype.label() + " " + shape);
    }

    /** Where the elements are for a step that is among {@link #steps}. */
    long address() {
        return memory.address();
    }

    /** Those that read or write it. */
    Dependents steps() {
        return steps;
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
        require(first, values.length, dtype == DType.F32);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, (long) Float.BYTES * first, values.length);
    }

    @Override
    public void write(int first, int[] values) {
        require(first, values.length, dtype != DType.F32);
        dtype.requireValues(values);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, (long) Integer.BYTES * first, values.length);
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
        require(first, values.length, dtype == DType.F32);
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, (long) Float.BYTES * first, values, 0, values.length);
    }

    @Override
    public void read(int first, int[] values) {
        require(first, values.length, dtype != DType.F32);
        MemorySegment.copy(memory, ValueLayout.JAVA_INT, (long) Integer.BYTES * first, values, 0, values.length);
    }

    @Override
    public void copyFrom(Buffer other) {
        if (other instanceof CpuBuffer same && same.dtype == dtype && same.shape.equals(shape)) {
            steps.requireOpen();
            same.steps.requireOpen();
            MemorySegment.copy(same.memory, 0, memory, 0, shape.bytes());
        } else {
            Buffer.super.copyFrom(other);
        }
    }

    @Override
    public void close() {
        if (steps.close()) {
            arena.close();
        }
    }

    private void require(int first, int length, boolean fits) {
        if (!fits || first < 0 || length > shape.size() - first) {
            throw new IllegalArgumentException("a buffer of " + dtype.label() + " " + shape
                    + " does not take an array of " + length + " from element " + first + " on");
        }
        steps.requireOpen();
    }

    private void requireWhole(int length) {
        if (length != shape.size()) {
            throw new IllegalArgumentException(
                    "a buffer of " + dtype.label() + " " + shape + " does not take an array of " + length);
        }
    }
}
