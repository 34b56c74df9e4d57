package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** Work items along one axis. */
public class WorkerGrid1D extends AbstractWorkerGrid {
    public WorkerGrid1D(int x) {
        throw new Signature();
    }
}
