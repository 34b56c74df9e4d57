package org.kolotoc.backend.tornado.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.backend.tornado.kernels.DeviceMemory.Purpose;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
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
                        () -> PlanKernels.of(program, PlanKernels.plan(program), false))
                .getMessage();
        assertTrue(message.contains("2147483647 elements along one axis"), message);
    }

    /** States and moments of 1.5 billion weights, and four values of 1.2 billion elements that are needed at once. */
    @Test
    void whatIsTooMuchForOneArrayLiesInSeveral() {
        Tracer trace = new Tracer();
        List<Tensor> read = new ArrayList<>();
        for (int layer = 0; layer < 4; layer++) {
            Tensor weight = trace.state("weight" + layer, DType.F32, Shape.of(30_000, 40_000));
            Tensor squared = weight.mul(weight);
            trace.output("most" + layer, squared.sum(0));
            trace.update(
                    weight, weight.sub(squared.matmul(weight.transpose(1, 0)).matmul(weight)));
            read.add(squared);
        }
        trace.output("all", read.stream().reduce(Tensor::add).orElseThrow().sum(1));
        Program program = trace.program();
        Plan plan = PlanKernels.plan(program);
        PlanKernels kernels = PlanKernels.of(program, plan, true);
        assertTrue(plan.scratchBytes() > 4L * Placement.MOST_ELEMENTS, () -> plan.scratchBytes() + " bytes");
        assertEquals(4, arrays(kernels, Purpose.STATES));
        assertTrue(
                arrays(kernels, Purpose.SCRATCH) > 1, () -> kernels.elements().toString());
        for (int buffer = 0; buffer < plan.buffers().size(); buffer++) {
            PlanKernels.Place place = kernels.places().get(buffer);
            assertTrue((long) place.offset() + plan.buffers().get(buffer).size()
                    <= kernels.elements().get(place.memory()));
        }
    }

    private static long arrays(PlanKernels kernels, Purpose purpose) {
        return kernels.elements().keySet().stream()
                .filter(memory -> memory.floating() && memory.purpose() == purpose)
                .count();
    }

    /** As gradients of biases: each is put together from parts by a kernel of its own, which only the end waits for. */
    @Test
    void columnsOfAllLayersArePutTogetherByOneLaunch() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(512, 64));
        for (int layer = 0; layer < 5; layer++) {
            x = x.matmul(trace.state("weight" + layer, DType.F32, Shape.of(64, 64)))
                    .tanh();
            trace.output("sums" + layer, x.sum(0));
        }
        Program program = trace.program();
        PlanKernels kernels = PlanKernels.of(program, PlanKernels.plan(program), true);
        assertEquals(
                1,
                kernels.tasks().stream()
                        .filter(task -> task.name().contains("sums"))
                        .count(),
                () -> kernels.tasks().stream().map(DeviceTask::name).toList().toString());
    }

    /** Nineteen values in arrays of their own, which one kernel adds up. */
    @Test
    void aKernelThatWorksOnMoreArraysThanATaskTakesIsRefused() {
        Tracer trace = new Tracer();
        Tensor sum = trace.feed("x", DType.F32, Shape.of(32));
        for (int i = 0; i < 19; i++) {
            sum = sum.add(trace.state("s" + i, DType.F32, Shape.of(32)));
        }
        trace.output("y", sum);
        Program program = trace.program();
        String message = assertThrows(
                        UnsupportedOperationException.class,
                        () -> PlanKernels.of(program, PlanKernels.plan(program, 32), false, 32))
                .getMessage();
        assertTrue(message.contains("works on 21 arrays"), message);
        assertEquals(
                11,
                arrays(PlanKernels.of(program, PlanKernels.plan(program, 64), false, 64), Purpose.STATES)
                        + arrays(PlanKernels.of(program, PlanKernels.plan(program, 64), false, 64), Purpose.FEEDS));
    }
}
