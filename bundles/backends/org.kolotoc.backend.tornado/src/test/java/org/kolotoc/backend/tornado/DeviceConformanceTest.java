package org.kolotoc.backend.tornado;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;

/** The real thing: every operation on the first device that TornadoVM finds. */
@Sdk.Needed
final class DeviceConformanceTest extends BackendConformance {
    private static TornadoBackend tornado;

    @BeforeAll
    static void start() {
        tornado = new TornadoBackend();
    }

    @AfterAll
    static void stop() {
        if (tornado != null) {
            tornado.close();
        }
    }

    @Override
    protected Backend backend() {
        return tornado;
    }

    /** A device has no such number: three times the same must be the same bits. */
    @Override
    protected Backend backendWithThreads(int threads) {
        return tornado;
    }

    @Override
    protected Backend backendToClose() {
        return Assumptions.abort("a process speaks to TornadoVM on one thread, so there is one backend");
    }

    /** Drivers may flush them, and say so nowhere. */
    @Override
    protected boolean keepsSubnormals() {
        return false;
    }
}
