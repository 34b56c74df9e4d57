package org.kolotoc.bench;

/** A training of one side of a comparison, in a process of its own. */
interface StepWorker extends AutoCloseable {
    /** What computes, with its version. */
    String name();

    /**
     * Takes one whole training step: forward, backward, clipping and the update of all weights.
     *
     * @param index says which batch
     * @return mean loss of the batch before the update, in nats a token
     */
    float step(long index);

    @Override
    void close();
}
