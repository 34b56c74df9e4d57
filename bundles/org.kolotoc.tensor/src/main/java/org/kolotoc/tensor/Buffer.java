package org.kolotoc.tensor;

/** The elements of a tensor on a device, dense and row-major. Copies allocate nothing. */
public interface Buffer extends AutoCloseable {
    DType dtype();

    Shape shape();

    /**
     * Replaces the content.
     *
     * @throws IllegalArgumentException when the length is not the size of the shape, or the type is not {@code f32}
     */
    void write(float[] values);

    /** Replaces the content of an {@code i32} or {@code bool} buffer. */
    void write(int[] values);

    /**
     * Replaces the elements from {@code first} on, so that a large buffer is filled without an array of its size.
     *
     * @throws IllegalArgumentException when they reach beyond the buffer, or the type is not {@code f32}
     */
    void write(int first, float[] values);

    /** The same for an {@code i32} or {@code bool} buffer. */
    void write(int first, int[] values);

    /** Copies the content of an {@code f32} buffer out. */
    void read(float[] values);

    /** Copies the content of an {@code i32} or {@code bool} buffer out. */
    void read(int[] values);

    /**
     * Copies elements from {@code first} on out, as many as the array takes.
     *
     * @throws IllegalArgumentException when they reach beyond the buffer, or the type is not {@code f32}
     */
    void read(int first, float[] values);

    /** The same for an {@code i32} or {@code bool} buffer. */
    void read(int first, int[] values);

    @Override
    void close();
}
