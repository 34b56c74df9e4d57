package org.kolotoc.backend.tornado.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** The estimate is about right, where a kernel has as much as it may. {@link KernelRules} holds every other. */
class BytecodeLimitTest {
    @Test
    void aRowThatIsPassedOverAgainAndAgainIsSeveralKernels() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(9, 40));
        for (int i = 0; i < 60; i++) {
            x = x.tanh().sub(x.sumKeepDims(-1));
        }
        trace.output("y", x);
        assertLongest(trace.program());
    }

    @Test
    void randomNumbersAreCounted() {
        Tracer trace = new Tracer();
        Tensor key = trace.feed("key", DType.I32, Shape.of(2));
        Tensor x = trace.feed("x", DType.F32, Shape.of(9, 40));
        for (int i = 0; i < 60; i++) {
            x = x.add(trace.uniform(key, x.shape()));
        }
        trace.output("y", x);
        assertLongest(trace.program());
    }

    private static void assertLongest(Program program) {
        int longest = PlanKernels.of(program, PlanKernels.plan(program), false).tasks().stream()
                .mapToInt(task -> KernelRules.bytes((GeneratedKernel) task))
                .max()
                .orElseThrow();
        assertTrue(
                longest > BytecodeLimit.MOST / 4 && longest < 1.25 * BytecodeLimit.MOST,
                longest + " bytes, wanted at most about " + BytecodeLimit.MOST);
    }
}
