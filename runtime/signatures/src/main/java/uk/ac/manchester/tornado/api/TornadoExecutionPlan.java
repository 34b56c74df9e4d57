package uk.ac.manchester.tornado.api;

import org.kolotoc.signatures.Signature;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Graphs that run together and share what lies on the device. */
public class TornadoExecutionPlan implements AutoCloseable {
    public TornadoExecutionPlan(ImmutableTaskGraph... graphs) {
        throw new Signature();
    }

    public static TornadoDevice getDevice(int backend, int device) {
        throw new Signature();
    }

    public TornadoExecutionResult execute() {
        throw new Signature();
    }

    public TornadoExecutionPlan withGraph(int index) {
        throw new Signature();
    }

    public TornadoExecutionPlan withAllGraphs() {
        throw new Signature();
    }

    public TornadoExecutionPlan withPreCompilation() {
        throw new Signature();
    }

    public TornadoExecutionPlan withDevice(TornadoDevice device) {
        throw new Signature();
    }

    public TornadoExecutionPlan freeDeviceMemory() {
        throw new Signature();
    }

    public TornadoExecutionPlan withGridScheduler(GridScheduler scheduler) {
        throw new Signature();
    }

    public TornadoExecutionPlan withProfiler(ProfilerMode mode) {
        throw new Signature();
    }

    public TornadoExecutionPlan withoutProfiler() {
        throw new Signature();
    }

    public TornadoExecutionPlan withPrintKernel() {
        throw new Signature();
    }

    public TornadoExecutionPlan withoutPrintKernel() {
        throw new Signature();
    }

    public TornadoExecutionPlan withCUDAGraph() {
        throw new Signature();
    }

    public TornadoExecutionPlan resetDevice() {
        throw new Signature();
    }

    public long getId() {
        throw new Signature();
    }

    public long getCurrentDeviceMemoryUsage() {
        throw new Signature();
    }

    @Override
    public void close() throws TornadoExecutionPlanException {
        throw new Signature();
    }
}
