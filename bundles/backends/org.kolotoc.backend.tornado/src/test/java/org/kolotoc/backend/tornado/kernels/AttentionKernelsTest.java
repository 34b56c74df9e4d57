package org.kolotoc.backend.tornado.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op.AttentionPart;
import org.kolotoc.tensor.Program;

/** What attention becomes on a device; what it computes is for {@link SimulatedConformanceTest}. */
class AttentionKernelsTest {
    private static final Set<AttentionPart> ALL = Set.of(AttentionPart.values());

    private static PlanKernels kernels(Program program) {
        return PlanKernels.of(program, PlanKernels.plan(program), true);
    }

    private static int tasks(int heads, int m, int n, int d, int e, Set<AttentionPart> parts) {
        return kernels(AttentionPrograms.of(heads, m, n, d, e, true, parts))
                .tasks()
                .size();
    }

    @Test
    void eachTileIsAKernelThatADeviceTakes() {
        AttentionPrograms.all()
                .flatMap(program -> kernels(program).tasks().stream())
                .forEach(task -> KernelRules.check((GeneratedKernel) task));
    }

    @Test
    void forwardIsOneLaunchAndBackwardTwoOrOneForAHeadOfOneTile() {
        assertEquals(1, tasks(12, 1024, 1024, 64, 64, Set.of()));
        assertEquals(1 + 2, tasks(12, 1024, 1024, 64, 64, ALL));
        assertEquals(1 + 2, tasks(12, 65, 64, 64, 64, ALL));
        assertEquals(1 + 2, tasks(12, 64, 65, 64, 64, ALL));
        assertEquals(1 + 1, tasks(12, 64, 64, 64, 64, ALL));
        assertEquals(1 + 1, tasks(12, 1024, 1024, 64, 64, Set.of(AttentionPart.QUERIES)));
        assertEquals(1 + 2, tasks(12, 1024, 1024, 64, 64, Set.of(AttentionPart.VALUES)));
    }

    @Test
    void rowsThatAreTooWideAndFewQueriesAreSpelledOut() {
        for (int[] size : new int[][] {{1024, 1024, 257, 64}, {1024, 1024, 64, 257}, {4, 1024, 64, 64}}) {
            Program program = AttentionPrograms.of(12, size[0], size[1], size[2], size[3], true, ALL);
            List<Launch> launches = PlanKernels.plan(program).launches();
            assertEquals(
                    0,
                    launches.stream()
                            .filter(launch ->
                                    launch instanceof Launch.Attention || launch instanceof Launch.AttentionGradient)
                            .count());
            assertEquals(
                    6,
                    launches.stream().filter(Launch.Product.class::isInstance).count());
        }
        assertEquals(1, tasks(12, 1024, 1024, 256, 256, Set.of()));
        assertEquals(1, tasks(12, 5, 1024, 64, 64, Set.of()));
    }

    /** A head of 1024 positions has a million scores, 4 MB; what is kept of each query are three numbers. */
    @Test
    void noScoresLieInMemory() {
        PlanKernels kernels = kernels(AttentionPrograms.of(96, 1024, 1024, 64, 64, true, ALL));
        long scratch = kernels.elements().entrySet().stream()
                .filter(array -> array.getKey().purpose() == DeviceMemory.Purpose.SCRATCH)
                .mapToLong(array -> (long) DType.BYTES * array.getValue())
                .sum();
        assertTrue(scratch <= 3L * DType.BYTES * 96 * 1024, scratch + " bytes");
    }
}
