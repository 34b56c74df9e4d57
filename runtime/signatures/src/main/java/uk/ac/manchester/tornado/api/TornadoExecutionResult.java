package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;

/** What an execution answers. */
public class TornadoExecutionResult {
    TornadoExecutionResult() {
        throw new Signature();
    }

    public TornadoExecutionResult transferToHost(Object... objects) {
        throw new Signature();
    }

    public TornadoExecutionResult transferToHost(DataRange dataRange) {
        throw new Signature();
    }

    public TornadoProfilerResult getProfilerResult() {
        throw new Signature();
    }
}
