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

    /** Copies the content of an {@code f32} buffer out. */
    void read(float[] values);

    /** Copies the content of an {@code i32} or {@code bool} buffer out. */
    void read(int[] values);

    @Override
    void close();
}
