package org.kolotoc.model.bert;

import org.junit.jupiter.api.AfterEach;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.tensor.Backend;

/** The same numbers from generated kernels. */
class CpuBertGoldenTest extends BertGoldenTest {
    private final CpuBackend backend = new CpuBackend(2);

    @Override
    Backend backend() {
        return backend;
    }

    @AfterEach
    void stop() {
        backend.close();
    }
}
