package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;

/** Every operation by generated kernels, run over all their work items on the JVM. */
class SimulatedConformanceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new SimulatedBackend(false);
    }

    @Override
    protected Backend backendWithThreads(int threads) {
        return new SimulatedBackend(false);
    }

    @Override
    protected List<Integer> threads() {
        return List.of();
    }

    @Override
    protected int randomPrograms() {
        return 80;
    }
}
