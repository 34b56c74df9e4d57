package org.kolotoc.backend.tornado.kernels;

/** An array on the device that kernels take as an argument. */
public sealed interface DeviceMemory {
    /**
     * A bound buffer, an array of its own: of floats, or of ints for {@code i32} and {@code bool}.
     *
     * @param buffer its number in the plan
     */
    record Bound(int buffer) implements DeviceMemory {}

    /** All scratch buffers of {@code f32}, and what kernels need beside them. */
    record FloatScratch() implements DeviceMemory {}

    /** All scratch buffers of {@code i32} and {@code bool}, and what kernels need beside them. */
    record IntScratch() implements DeviceMemory {}
}
