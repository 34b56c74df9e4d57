package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;

/** Every operation by generated kernels, run over all their work items on the JVM. */
class SimulatedConformanceTest extends BackendConformance {
    /** Elements of states. */
    private static final long LARGE = 200_000;

    @Override
    protected Backend backend() {
        return new SimulatedBackend(false, true);
    }

    @Override
    protected Backend backendWithThreads(int threads) {
        return new SimulatedBackend(false, true);
    }

    @Override
    protected List<Integer> threads() {
        return List.of();
    }

    @Override
    protected int randomPrograms() {
        return 80;
    }

    /** The largest model takes an interpreter of work items seconds, and has no kernel that the smaller ones lack. */
    @Override
    protected boolean concerns(Program program) {
        return isSmall(program);
    }

    static boolean isSmall(Program program) {
        return program.nodes().stream()
                        .filter(node -> node.op() instanceof Op.Input input && input.state())
                        .mapToLong(node -> node.shape().size())
                        .sum()
                < LARGE;
    }
}
