package org.kolotoc.model.gpt;

import org.junit.jupiter.api.AfterEach;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.tensor.Backend;

/** The same numbers from generated kernels. */
class CpuLlamaGoldenTest extends LlamaGoldenTest {
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
