package org.kolotoc.backend.cpu.gemm;

import java.lang.foreign.Arena;
import java.util.Map;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * A batch of matrix products of one {@link MatmulShape}, compiled: threads and steps share it, each with a {@link Call} of
 * its own. What it has outside the heap lives as long as the arena that it was made with.
 */
public sealed interface Gemm permits BiasedGemm, OneDnnGemm, OneDnnSgemm, RoundedGemm, VectorGemm, VectorGemv {

    /** The products that a run computes. */
    MatmulShape shape();

    /**
     * Operands to run it with.
     *
     * @param arena for what the call has outside the heap; as long as it lives the call can run
     */
    Call call(Arena arena);

    /** Bytes that each call takes of its arena to work in. */
    default long callBytes() {
        return 0;
    }

    /** Bytes that a run needs beside its operands: {@link Call#lend} says where. */
    default long workspaceBytes() {
        return 0;
    }

    /**
     * Which operands stay the same over several runs: what a run would make of them is made once then, and kept.
     *
     * @param a whether A does
     * @param b whether B does
     */
    record Constant(boolean a, boolean b) {}

    /** Bytes of what is made of operands that stay the same; 0 where they are taken as they are. */
    default long keptBytes(Constant constant) {
        return 0;
    }

    /**
     * Operands to run it with, of which some stay the same, with the same bits: {@link Call#keep} before the first run.
     *
     * @param kept address of {@link #keptBytes}, aligned to 64 bytes, which nobody else uses
     */
    default Call call(Arena arena, Constant constant, long kept) {
        return call(arena);
    }

    /** Runs the products, as often as wanted at any addresses, on any thread but one run at a time. */
    interface Call {
        /**
         * Runs the products.
         *
         * <p>Addresses are those of off-heap floats, aligned to 4 bytes (64 is faster). Nothing checks that memory is
         * there: the caller's memory plan does. C must not overlap A, B or bias. A run allocates nothing on the heap, and
         * its result has the same bits for any number of workers: the shape alone decides how the work is cut, and every
         * sum is formed inside one piece.
         *
         * @param a address of A [outer, inner, m, k]
         * @param b address of B [outer, inner, k, n]
         * @param c address of C [outer, inner, m, n], written
         * @param bias address of n floats where the epilogue is {@link Epilogue#BIAS}, else ignored
         * @param workers the threads that share the work
         */
        void run(long a, long b, long c, long bias, Workers workers);

        /**
         * Lends it memory of {@link Gemm#workspaceBytes}, before the first run. Between runs others may use it.
         *
         * @param address aligned to 64 bytes
         */
        default void lend(long address) {}

        /**
         * Takes the operands that stay the same as they are now; runs take no notice of what they become later.
         *
         * @param a address of A, as for a run
         * @param b address of B
         */
        default void keep(long a, long b, Workers workers) {}

        /** Runs products that have no bias. */
        default void run(long a, long b, long c, Workers workers) {
            run(a, b, c, 0, workers);
        }
    }

    /** The library that products run on: {@code oneDNN}, or {@code Java vectors} where it is not there. */
    static String library() {
        return OneDnn.available() ? "oneDNN" : "Java vectors";
    }

    /** The libraries that products may run on: version and build of each, {@code none} where it is not there. */
    static Map<String, String> libraries() {
        return Map.of("oneDNN", OneDnn.available() ? OneDnn.build() : "none");
    }

    /** The way that is faster for this shape, by a fixed rule, so that a program keeps its bits from run to run. */
    static Gemm create(MatmulShape shape, Arena arena) {
        return create(shape, Tiling.of(shape), arena);
    }

    /** Like {@link #create}, in one piece: for use inside a piece of larger work. */
    static Gemm whole(MatmulShape shape, Arena arena) {
        return create(shape, Tiling.NONE, arena);
    }

    private static Gemm create(MatmulShape shape, Tiling tiling, Arena arena) {
        if (shape.epilogue() == Epilogue.BIAS) {
            return new BiasedGemm(shape, create(shape.with(Epilogue.NONE), tiling, arena));
        }
        if (shape.compute() != Compute.F32) {
            return new RoundedGemm(shape, arena);
        }
        boolean oneDnn = OneDnn.available() && shape.k() > 1;
        if (VectorGemv.takes(shape) && !(oneDnn && VectorGemv.wide(shape))) {
            return new VectorGemv(shape);
        }
        if (!oneDnn || !OneDnnGemm.pays(shape)) {
            return new VectorGemm(shape);
        }
        return OneDnnSgemm.pays(shape) ? new OneDnnSgemm(shape, tiling) : new OneDnnGemm(shape, tiling, arena);
    }
}
