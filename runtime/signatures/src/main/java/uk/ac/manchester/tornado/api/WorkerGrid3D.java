package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** Work items along three axes. */
public class WorkerGrid3D extends AbstractWorkerGrid {
    public WorkerGrid3D(int x, int y, int z) {
        throw new Signature();
    }
}
