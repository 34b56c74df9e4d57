package org.kolotoc.tck;

import java.util.List;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** The suite passes on the reference itself, so what fails on another backend is that backend's. */
class ReferenceBackendTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new ReferenceBackend();
    }

    @Override
    protected Backend backendWithThreads(int threads) {
        return new ReferenceBackend();
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
