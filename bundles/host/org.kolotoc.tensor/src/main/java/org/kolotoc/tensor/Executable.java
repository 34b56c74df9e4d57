package org.kolotoc.tensor;

import java.util.Map;
import java.util.Optional;

/**
 * A compiled program. Binding, running and explaining throw {@link IllegalStateException} when it, or the backend that
 * compiled it, was closed.
 */
public interface Executable extends AutoCloseable {

    /**
     * A program bound to its buffers, ready to run again and again without allocating.
     *
     * <p>Scratch memory belongs to the step: steps of one executable run side by side on different threads, as long as
     * none writes a buffer that another uses. Runs of one step never overlap, a second waits for the first.
     */
    @FunctionalInterface
    interface Step {
        /**
         * Reads the inputs, writes the outputs, then the updated states in place.
         *
         * @throws IllegalStateException when the executable or one of the buffers was closed; nothing was run then
         * @throws DeviceFailure when the device can't
         */
        void run();

        /**
         * Runs once, to the same bits, and measures.
         *
         * @param nanoseconds gets the time of each of {@link Explanation#kernels}, in their order
         * @throws IllegalArgumentException when the array is of another length; nothing was run then
         * @throws UnsupportedOperationException when the backend measures no times; nothing was run then
         */
        default void run(long[] nanoseconds) {
            throw new UnsupportedOperationException("this backend measures no times");
        }
    }

    /**
     * Binds every input and output by name.
     *
     * @throws IllegalArgumentException when a name is missing or a buffer has another type or shape; says which;
     *     or when a buffer that the program writes has two names
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

    /**
     * Frees scratch memory and code, once no step of it is running; the buffers bound to it stay. Closing twice is allowed.
     */
    @Override
    void close();
}
