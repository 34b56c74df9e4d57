package org.kolotoc.tensor;

import java.util.List;

/**
 * A compiled program for people: what runs in which order, and what it costs.
 *
 * @param kernels in the order of execution
 * @param stateBytes bound states
 * @param feedBytes bound feeds and outputs
 * @param scratchBytes intermediate values, after buffers were reused, and literals
 * @param unsharedBytes the same if no intermediate values shared a buffer
 * @param holdings what the scratch memory holds when it holds most, the largest first
 */
public record Explanation(
        List<Kernel> kernels,
        long stateBytes,
        long feedBytes,
        long scratchBytes,
        long unsharedBytes,
        List<LiveAtPeak> holdings) {

    /**
     * Values of one owner that live at the same time.
     *
     * @param owner layer they were made in, numbers left out: {@code block*.mlp}; the operation where it is in none
     */
    public record LiveAtPeak(String owner, long bytes) {}

    /**
     * One launch.
     *
     * @param kind {@code fused}, {@code matmul}, {@code gather}, ...
     * @param name unique in the program, from the layer and the operations in it
     * @param detail shapes and what was fused
     * @param flops floating-point operations that it does, elementwise functions and sums too
     * @param bytes read and written at the least
     */
    public record Kernel(String kind, String name, String detail, long flops, long bytes) {}

    /** What all kernels do; what a program costs, whoever runs it, is {@link Program#flops}. */
    public long flops() {
        return kernels.stream().mapToLong(Kernel::flops).reduce(0, Explanation::sum);
    }

    public long bytes() {
        return kernels.stream().mapToLong(Kernel::bytes).reduce(0, Explanation::sum);
    }

    /** Of numbers that are not negative; what is beyond the largest stays there. */
    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** Memory the program needs once everything is bound. */
    public long memory() {
        return stateBytes + feedBytes + scratchBytes;
    }
}
