package org.kolotoc.tensor;

import java.util.Map;
import java.util.Optional;

/** A compiled program. Closing it frees its scratch memory and code; the buffers bound to it stay. */
public interface Executable extends AutoCloseable {

    /** A program bound to its buffers, ready to run again and again without allocating. */
    @FunctionalInterface
    interface Step {
        /**
         * Reads the inputs, writes the outputs, then the updated states in place.
         *
         * @throws DeviceFailure when the device can't
         */
        void run();

        /**
         * Runs once, to the same bits, and measures.
         *
         * @param nanoseconds gets the time of each of {@link Explanation#kernels}, in their order
         * @throws UnsupportedOperationException when the backend measures no times; nothing was run then
         */
        default void run(long[] nanoseconds) {
            throw new UnsupportedOperationException("this backend measures no times");
        }
    }

    /**
     * Binds every input and output by name.
     *
     * @throws IllegalArgumentException when a name is missing or a buffer has another type or shape; says which
     */
    Step bind(Map<String, Buffer> buffers);

    /** What the program became: kernels, memory, work. */
    Explanation explain();

    /**
     * What the device was given to compile for a kernel: OpenCL C, PTX. Its device compiles it for that, if it has not yet.
     *
     * @param kernel name of one of {@link Explanation#kernels}
     * @return empty where there is no such text, or no such kernel
     */
    default Optional<String> source(String kernel) {
        return Optional.empty();
    }

    @Override
    void close();
}
