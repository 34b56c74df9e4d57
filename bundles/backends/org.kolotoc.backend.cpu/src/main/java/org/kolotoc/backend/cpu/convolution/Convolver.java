package org.kolotoc.backend.cpu.convolution;

import java.lang.foreign.Arena;
import java.util.Optional;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * A convolution or one of its gradients, compiled: steps share it, each with a {@link Call} of its own. What it has outside
 * the heap lives as long as the arena that it was made with.
 */
public sealed interface Convolver permits MirroredConvolver, OneDnnConvolver, PatchConvolver {

    /** Private memory that a thread needs while it runs. */
    long scratchBytes();

    /** Bytes that a run needs beside its operands. */
    long workspaceBytes();

    /** Bytes that a call takes of its arena to work in, for so many threads. */
    long callBytes(int threads);

    /**
     * Operands to run it with.
     *
     * @param threads that may run it
     * @param arena for what the call has outside the heap; as long as it lives the call can run
     */
    Call call(int threads, Arena arena);

    /** Runs it, as often as wanted at any addresses, on any thread but one run at a time. */
    interface Call {
        /**
         * Computes one of the three operands of the other two. Its bits are the same for any number of workers: the shape
         * alone decides how the work is cut, and in which order sums are formed.
         *
         * @param images address of the first image
         * @param weights address of the weights, dense
         * @param result address of the first image's result
         * @param workspace address of {@link Convolver#workspaceBytes}, aligned to 64 bytes
         * @param scratch with slots of {@link Convolver#scratchBytes} at least
         */
        void run(long images, long weights, long result, long workspace, Workers workers, ScratchPool scratch);
    }

    /** The way that is faster for this shape, by a fixed rule, so that a program keeps its bits from run to run. */
    static Convolver create(Convolution convolution, Arena arena) {
        return MirroredConvolver.of(convolution, arena)
                .or(() -> Optional.of(convolution)
                        .filter(OneDnnConvolver::pays)
                        .flatMap(wanted -> OneDnnConvolver.of(wanted, arena)))
                .orElseGet(() -> new PatchConvolver(convolution, arena));
    }
}
