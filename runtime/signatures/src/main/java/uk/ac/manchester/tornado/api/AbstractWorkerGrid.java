package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** What the grids of one to three axes have in common. */
public abstract class AbstractWorkerGrid implements WorkerGrid {
    AbstractWorkerGrid() {
        throw new Signature();
    }

    @Override
    public void setGlobalWork(long x, long y, long z) {
        throw new Signature();
    }

    @Override
    public void setLocalWork(long x, long y, long z) {
        throw new Signature();
    }
}
