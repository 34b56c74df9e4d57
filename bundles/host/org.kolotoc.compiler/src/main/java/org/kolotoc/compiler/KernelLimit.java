package org.kolotoc.compiler;

/**
 * How large a fused kernel may get. A backend says so in a unit of its own, say bytes of bytecode: beyond a size its
 * device, or HotSpot, makes bad code of a kernel or none at all. Fusion goes by an estimate from {@link #size}; a kernel
 * that {@link #takes} refuses once it is written is cut in two, down to single values.
 */
public interface KernelLimit {
    /** For backends that make code of kernels of any size. */
    KernelLimit NONE = new KernelLimit() {
        @Override
        public int most() {
            return Integer.MAX_VALUE;
        }

        @Override
        public int size(Instruction instruction) {
            return 0;
        }
    };

    /** Size of the largest kernel. */
    int most();

    /** About what an instruction adds to a kernel; addresses and values are as good as any others of their kind. */
    int size(Instruction instruction);

    /** Whether reductions of one value share a kernel, which is launched and reads it once, but is larger. */
    default boolean sharesReductions() {
        return true;
    }

    /** Whether a kernel, as it was written, is small enough. */
    default boolean takes(Launch.Fused kernel) {
        return kernel.body().stream().mapToLong(this::size).sum() <= most();
    }
}
