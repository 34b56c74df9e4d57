package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** Times of an execution, in nanoseconds. */
public class TornadoProfilerResult {
    TornadoProfilerResult() {
        throw new Signature();
    }

    public long getTotalTime() {
        throw new Signature();
    }

    public long getCompileTime() {
        throw new Signature();
    }

    public long getDeviceKernelTime() {
        throw new Signature();
    }
}
