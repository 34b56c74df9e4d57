package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Explanation.LiveAtPeak;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Elements that a program brings with it. */
class LiteralsTest {
    private final Tracer trace = new Tracer();
    private final Tensor x = trace.feed("x", DType.F32, Shape.of(40));

    private static float[] ramp(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = i;
        }
        return values;
    }

    private static List<Plan.Buffer.Literal> literals(Plan plan) {
        return plan.buffers().stream()
                .filter(Plan.Buffer.Literal.class::isInstance)
                .map(Plan.Buffer.Literal.class::cast)
                .toList();
    }

    @Test
    void equalElementsAreOneBufferWhateverTheirShape() {
        trace.output("sum", x.add(trace.constant(ramp(40), Shape.of(40))));
        trace.output("table", trace.constant(ramp(40), Shape.of(8, 5)).matmul(x.reshape(5, 8)));
        trace.output("whole", trace.constant(new int[] {0, 1}, Shape.of(2)));
        Plan plan = Compiler.compile(trace.program());
        assertEquals(
                List.of(40, 2), literals(plan).stream().map(Plan.Buffer::size).toList());
        assertEquals(
                List.of(DType.F32, DType.I32),
                literals(plan).stream().map(Plan.Buffer::dtype).toList());
    }

    @Test
    void whatNobodyReadsIsNotThere() {
        trace.constant(ramp(40), Shape.of(40));
        trace.output("y", x.neg());
        assertEquals(List.of(), literals(Compiler.compile(trace.program())));
    }

    @Test
    void theirBytesAreToldOnceAndByName() {
        trace.output("y", x.add(trace.constant(ramp(40), Shape.of(40))).exp());
        trace.output("z", x.mul(trace.constant(ramp(40), Shape.of(40))));
        Program program = trace.program();
        Plan plan = Compiler.compile(program);
        Explanation explanation = plan.explain(program, 1000);
        assertEquals(plan.scratchBytes() + 160 + 1000, explanation.scratchBytes());
        assertEquals(plan.unsharedBytes() + 160 + 1000, explanation.unsharedBytes());
        assertTrue(
                explanation.holdings().contains(new LiveAtPeak("literals", 160)),
                () -> explanation.holdings().toString());
        assertEquals(3 * 160, explanation.feedBytes());
        assertEquals(0, explanation.stateBytes());
    }
}
