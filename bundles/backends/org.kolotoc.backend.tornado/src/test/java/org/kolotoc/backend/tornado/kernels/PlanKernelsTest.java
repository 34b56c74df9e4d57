package org.kolotoc.backend.tornado.kernels;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tracer;

class PlanKernelsTest {
    /** Nothing holds so many elements, but they can be told to be there; work items count beyond the last of them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void sumsOfMoreElementsThanADeviceCountsAreRefused(int axis) {
        int[] extents = {1, 1};
        extents[axis] = Integer.MAX_VALUE;
        Tracer trace = new Tracer();
        trace.output(
                "y",
                trace.feed("x", DType.F32, Shape.of(1, 1))
                        .broadcast(Shape.of(extents))
                        .sum(axis));
        Program program = trace.program();
        String message = assertThrows(
                        UnsupportedOperationException.class,
                        () -> PlanKernels.of(program, Compiler.compile(program, new BytecodeLimit()), false))
                .getMessage();
        assertTrue(message.contains("2147483647 elements along one axis"), message);
    }
}
