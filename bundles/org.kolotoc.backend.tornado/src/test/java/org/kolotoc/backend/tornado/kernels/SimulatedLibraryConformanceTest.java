package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;

/** Every operation as on a device that has a library for matrix products. */
class SimulatedLibraryConformanceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new SimulatedBackend(true);
    }

    @Override
    protected Backend backendWithThreads(int threads) {
        return new SimulatedBackend(true);
    }

    @Override
    protected List<Integer> threads() {
        return List.of();
    }

    @Override
    protected int randomPrograms() {
        return 20;
    }
}
