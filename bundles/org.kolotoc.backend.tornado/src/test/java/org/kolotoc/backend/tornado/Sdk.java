package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Whether this JVM was started with TornadoVM. */
final class Sdk {
    private Sdk() {}

    static void assumed() {
        assumeTrue(ModuleLayer.boot().findModule("tornado.api").isPresent(), "not evaluated: no TornadoVM SDK");
    }
}
