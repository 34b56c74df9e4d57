package org.kolotoc.tensor;

/**
 * The elements of a tensor on a device, dense and row-major. Copies allocate nothing.
 *
 * <p>What reads and writes elements throws {@link IllegalArgumentException}, and copies nothing, when the array's type or
 * length does not fit or an element is no value of the buffer's type, and {@link IllegalStateException} when the buffer
 * was closed.
 */
public interface Buffer extends AutoCloseable {
    DType dtype();

    Shape shape();

    /** Replaces the content of an {@code f32} buffer by an array of its size. */
    void write(float[] values);

    /** Replaces the content of an {@code i32} or {@code bool} buffer; a truth value is 0 or 1. */
    void write(int[] values);

    /** Replaces the elements from {@code first} on, so that a large buffer is filled without an array of its size. */
    void write(int first, float[] values);

    /** The same for an {@code i32} or {@code bool} buffer. */
    void write(int first, int[] values);

    /** Copies the content of an {@code f32} buffer out, into an array of its size. */
    void read(float[] values);

    /** Copies the content of an {@code i32} or {@code bool} buffer out. */
    void read(int[] values);

    /** Copies elements from {@code first} on out, as many as the array takes. */
    void read(int first, float[] values);

    /** The same for an {@code i32} or {@code bool} buffer. */
    void read(int first, int[] values);

    /**
     * Frees the elements. A step that is running goes on as if they were there; later ones refuse. Closing twice is
     * allowed.
     */
    @Override
    void close();
}
