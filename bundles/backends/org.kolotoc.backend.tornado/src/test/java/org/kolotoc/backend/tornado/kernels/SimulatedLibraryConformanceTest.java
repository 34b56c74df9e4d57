package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import org.kolotoc.tck.BackendConformance;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;

/** Everything with a product in it as on a device that has a library for them; the rest is the same without. */
class SimulatedLibraryConformanceTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new SimulatedBackend(true, false);
    }

    @Override
    protected Backend backendWithThreads(int threads) {
        return new SimulatedBackend(true, false);
    }

    @Override
    protected List<Integer> threads() {
        return List.of();
    }

    @Override
    protected boolean concerns(Program program) {
        return SimulatedConformanceTest.isSmall(program)
                && program.nodes().stream().anyMatch(node -> node.op() instanceof Op.MatMul || isAttention(node.op()));
    }

    /** Which becomes products. */
    private static boolean isAttention(Op op) {
        return op instanceof Op.Attention || op instanceof Op.AttentionGradient;
    }

    @Override
    protected int randomPrograms() {
        return 20;
    }
}
