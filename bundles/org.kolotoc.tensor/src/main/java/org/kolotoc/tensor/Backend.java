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
     * What memory there is, and what is taken beside buffers and scratch. Asked when programs are compiled and before
     * they run.
     */
    default Memory memory() {
        return Memory.UNKNOWN;
    }

    /**
     * Memory of a device, in bytes; 0 stands for what nobody knows.
     *
     * @param total that there is for everything
     * @param overhead that will be taken beside buffers and scratch: code, libraries, heap
     * @param peak most that was ever taken so far, with everything
     */
    record Memory(long total, long overhead, long peak) {
        /** Where nothing is known. */
        public static final Memory UNKNOWN = new Memory(0, 0, 0);
    }

    /**
     * Compiles a program; what it needs to run is allocated when it is bound.
     *
     * @throws UnsupportedOperationException naming the operation and its origin, when the device can't do it
     */
    Executable compile(Program program);
}
