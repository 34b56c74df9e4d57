package org.kolotoc.backend.cpu.codegen;

/**
 * The code of all launches of one structure. The class goes when nobody holds this any more: it belongs to no class loader
 * that would keep it.
 */
final class KernelClass {
    /** Calls after which HotSpot has been asked for its best code. */
    private static final int YOUNG = 2000;

    private final Kernel kernel;
    private final int rowBuffers;
    private final int bytes;
    private final int registers;
    /** Counted without care: threads may lose a few. */
    private int calls;

    /**
     * @param rowBuffers rows of scratch memory that it works in
     * @param bytes of bytecode in its longest method
     * @param registers that HotSpot's first compiler takes for it, see {@link HotSpotLimit}
     */
    KernelClass(Kernel kernel, int rowBuffers, int bytes, int registers) {
        this.kernel = kernel;
        this.rowBuffers = rowBuffers;
        this.bytes = bytes;
        this.registers = registers;
    }

    Kernel kernel() {
        return kernel;
    }

    int rowBuffers() {
        return rowBuffers;
    }

    int bytes() {
        return bytes;
    }

    int registers() {
        return registers;
    }

    /** Counts a call; whether HotSpot still has to see more of them. */
    boolean isYoung() {
        return calls < YOUNG && calls++ < YOUNG;
    }
}
