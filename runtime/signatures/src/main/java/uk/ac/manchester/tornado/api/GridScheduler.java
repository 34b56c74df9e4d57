package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** How many work items each task has, by its name: graph, a point, task. */
public class GridScheduler {
    public GridScheduler() {
        throw new Signature();
    }

    public void addWorkerGrid(String task, WorkerGrid grid) {
        throw new Signature();
    }
}
