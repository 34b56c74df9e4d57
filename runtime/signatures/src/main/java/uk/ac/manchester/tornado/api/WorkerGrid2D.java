package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** Work items along two axes. */
public class WorkerGrid2D extends AbstractWorkerGrid {
    public WorkerGrid2D(int x, int y) {
        throw new Signature();
    }
}
