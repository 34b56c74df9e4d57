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

    /** Elements that are copied at a time between buffers that know nothing of each other. */
    int PART = 1 << 16;

    /**
     * Replaces the content by that of another buffer of this type and shape. Buffers of one backend are copied where they lie
     * and don't pass through the heap; all others go part by part.
     *
     * @throws IllegalArgumentException when type or shape is another; nothing is copied then
     * @throws IllegalStateException when one of the two was closed
     */
    default void copyFrom(Buffer other) {
        if (other.dtype() != dtype() || !other.shape().equals(shape())) {
            throw new IllegalArgumentException("a buffer of " + dtype().label() + " " + shape() + " takes no copy of "
                    + other.dtype().label() + " " + other.shape());
        }
        int first = 0;
        do {
            int count = Math.min(PART, shape().size() - first);
            if (dtype() == DType.F32) {
                float[] part = new float[count];
                other.read(first, part);
                write(first, part);
            } else {
                int[] part = new int[count];
                other.read(first, part);
                write(first, part);
            }
            first += count;
        } while (first < shape().size());
    }

    /**
     * Frees the elements. A step that is running goes on as if they were there; later ones refuse. Closing twice is
     * allowed.
     */
    @Override
    void close();
}
