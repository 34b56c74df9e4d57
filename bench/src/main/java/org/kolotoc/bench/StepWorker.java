package org.kolotoc.bench;

/** One side of a comparison, in a process of its own. */
interface StepWorker extends AutoCloseable {
    /** What computes, with its version. */
    String name();

    /**
     * Takes one whole training step (forward, backward, clipping and the update of all weights), or writes one text.
     *
     * @param index says which batch, or the first token
     * @return mean loss of the batch before the update, in nats a token; or a number that tells one text from another
     */
    float step(long index);

    /** Operations of all programs that ran so far, see {@link org.kolotoc.tensor.Program#flops}; 0 where nobody counts them. */
    default double flops() {
        return 0;
    }

    @Override
    void close();
}
