package org.kolotoc.backend.cpu;

import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;

class CpuBackendTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new CpuBackend();
    }

    @Override
    protected Backend backendWithThreads(int threads) {
        return new CpuBackend(threads);
    }
}
