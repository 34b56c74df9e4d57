package org.kolotoc.backend.cpu;

import java.util.stream.Stream;
import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Program;

class CpuBackendTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new CpuBackend();
    }

    @Override
    protected Backend backendWithThreads(int threads) {
        return new CpuBackend(threads);
    }

    /** Programs of all cases of the suite. */
    static Stream<Program> suite() {
        return programs();
    }
}
