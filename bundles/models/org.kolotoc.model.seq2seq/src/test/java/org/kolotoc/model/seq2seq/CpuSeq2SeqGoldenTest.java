package org.kolotoc.model.seq2seq;

import org.junit.jupiter.api.AfterEach;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.tensor.Backend;

/** The same numbers from generated kernels. */
class CpuSeq2SeqGoldenTest extends Seq2SeqGoldenTest {
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
