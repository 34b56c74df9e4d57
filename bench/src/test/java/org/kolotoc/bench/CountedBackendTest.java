package org.kolotoc.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.kolotoc.bench.TextWork.Kind;

/** What a step consists of is counted where it runs. */
final class CountedBackendTest {
    @Test
    void aStepHasTheOperationsOfItsPrograms() {
        Work work = TextWork.of(Kind.STEP, "A");
        try (StepWorker worker = work.ours(OurBackend.of(OurBackend.CPU, 1))) {
            assertEquals(0, worker.flops());
            worker.step(0);
            double one = worker.flops();
            worker.step(1);
            assertEquals(2 * one, worker.flops());
            // Attention comes on top of what a weight and token have.
            double about = work.aboutFlops();
            assertTrue(one > about && one < 1.2 * about, () -> one + " beside " + about);
        }
    }
}
