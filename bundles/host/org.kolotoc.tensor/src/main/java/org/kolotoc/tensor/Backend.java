package org.kolotoc.tensor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs tensor programs. A service with the property {@code kolotoc.backend} = {@link #id()}. All methods may be
 * called from any thread.
 */
public interface Backend extends AutoCloseable {
    /** {@code cpu}, {@code reference}, {@code tornado}; that of the device where {@link #on} chose one. */
    String id();

    /** The device for a person and for the lock file: {@code 2 threads, 512-bit vectors, oneDNN 3.11}. */
    String device();

    /**
     * The libraries that it computes with where they are there, by name: for the lock file. The text says version and build,
     * all that the bits of results depend on; it is {@code none} for one that is not there and would be used if it were.
     */
    default Map<String, String> libraries() {
        return Map.of();
    }

    /** What it does in another way than the best, for want of something: a sentence each, with what is missing. */
    default List<String> fallbacks() {
        return List.of();
    }

    /**
     * The devices that it can run on, the preferred one first; at least one. May take a while the first time, since
     * drivers start.
     */
    default List<Device> devices() {
        return List.of(new Device(
                id(), device(), "", memory().total(), Runtime.getRuntime().availableProcessors(), false));
    }

    /**
     * The same backend on one of its {@link #devices}.
     *
     * @param device id of a device, or the beginning of one up to a colon, which means the first of those:
     *     {@code tornado:opencl:1}, {@code tornado:ptx}
     * @throws IllegalArgumentException when there is none, naming those there are
     */
    default Backend on(String device) {
        if (!device.equals(id())) {
            throw new IllegalArgumentException("there is no device " + device + ", only " + id());
        }
        return this;
    }

    /**
     * The same backend with so many threads of its own, for one run among several; to be closed by who asked for it, which
     * leaves this one open. Empty where the number of threads of this process says nothing of how fast it is.
     *
     * @param threads at least 1; the bits of results don't depend on it
     */
    default Optional<Backend> withThreads(int threads) {
        return Optional.empty();
    }

    /**
     * Something that programs run on.
     *
     * @param id as a user gives it: the backend's, then what tells its devices apart: {@code cpu}, {@code tornado:opencl:0}
     * @param name for a person
     * @param driver its name and version; empty where there is none
     * @param memory in bytes; 0 when nobody knows
     * @param computeUnits processors or multiprocessors; 0 when nobody knows
     * @param gpu whether it is a graphics processor, which {@code auto} prefers
     */
    record Device(String id, String name, String driver, long memory, int computeUnits, boolean gpu) {}

    /**
     * A zeroed buffer that lives until it is closed.
     *
     * @throws IllegalStateException when the backend was closed
     * @throws DeviceFailure when there is no memory for it
     */
    Buffer allocate(DType dtype, Shape shape);

    /**
     * What memory there is, and what is taken beside buffers and scratch. Asked when programs are compiled and before
     * they run.
     */
    default Memory memory() {
        return Memory.UNKNOWN;
    }

    /**
     * The host's memory, where a device has one of its own: all that programs have there is in the host's once more, and
     * buffers are. {@link Memory#UNKNOWN} where {@link #memory} is the host's.
     */
    default Memory hostMemory() {
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

    /** What a device's compiler did so far. */
    default Compilation compilation() {
        return Compilation.NONE;
    }

    /** What a device's compiler is at; to be asked by those who wait for it, from another thread. */
    default Optional<Compiling> compiling() {
        return Optional.empty();
    }

    /**
     * Compilation of a program that goes on.
     *
     * @param done kernels that are compiled
     * @param all kernels of the program
     * @param reached seconds after which so many were
     * @param seconds since it began
     */
    record Compiling(int done, int all, double reached, double seconds) {}

    /**
     * Work of a device's compiler; programs of the same content are compiled once.
     *
     * @param kernels one that is launched in several places counts in each
     * @param seconds that it took
     */
    record Compilation(int kernels, double seconds) {
        /** Where nothing is compiled, or in no time. */
        public static final Compilation NONE = new Compilation(0, 0);
    }

    /**
     * Compiles a program; what it needs to run is allocated when it is bound.
     *
     * @throws UnsupportedOperationException naming the operation and its origin, when the device can't do it
     * @throws IllegalStateException when the backend was closed
     * @throws DeviceFailure when compiling takes more memory than there is, naming where it was and its origin
     * @throws java.util.concurrent.CancellationException when the thread is interrupted meanwhile; as above
     */
    Executable compile(Program program);

    /**
     * Ends it, once none of its steps is running; what it compiled runs no more. Buffers can be read until they are
     * closed. Closing twice is allowed.
     */
    @Override
    default void close() {}
}
