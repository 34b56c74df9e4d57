package org.kolotoc.tensor;

/**
 * What runs tensor programs. A service with the property {@code kolotoc.backend} = {@link #id()}. All methods may be
 * called from any thread; two runs of one {@link Executable.Step} must not overlap.
 */
public interface Backend {
    /** {@code cpu}, {@code reference}, {@code tornado}. */
    String id();

    /** The device for a person and for the lock file: {@code 2 threads, 512-bit vectors, oneDNN 3.11}. */
    String device();

    /** A zeroed buffer that lives until it is closed. */
    Buffer allocate(DType dtype, Shape shape);

    /**
     * Compiles a program.
     *
     * @throws UnsupportedOperationException naming the operation and its origin, when the device can't do it
     */
    Executable compile(Program program);
}
