package org.kolotoc.backend.cpu.codegen;

/**
 * A generated fused kernel. Knows shapes and strides, but no buffer: addresses come with each call. Allocates nothing,
 * keeps nothing, and may run on several threads at once.
 */
public interface Kernel {
    /**
     * Runs some rows.
     *
     * @param arguments addresses, strides, extents and constants, see {@link KernelCode#arguments}
     * @param firstRow to {@code rowLimit} (exclusive): which rows
     * @param firstColumn to {@code columnLimit} (exclusive): which part of each row; all of it where rows are reduced
     * @param scratch memory of {@link KernelCode#scratchBytes()} that no other thread uses meanwhile
     * @param columns where column reductions of these rows are added up, on top of what is there:
     *     {@link KernelCode#columnReductions()} rows of {@link KernelCode#columnStride()} bytes
     */
    void run(
            long[] arguments, int firstRow, int rowLimit, int firstColumn, int columnLimit, long scratch, long columns);
}
