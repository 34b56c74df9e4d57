package org.kolotoc.backend.tornado.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.backend.tornado.kernels.PlanKernels;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** TornadoVM analyses a class once: kernels of one content must be of one class. */
class KernelClassesTest {
    private static List<GeneratedKernel> kernels(int rows) {
        Tracer tracer = new Tracer();
        Tensor x = tracer.feed("x", DType.F32, Shape.of(rows, 300));
        tracer.output("y", x.sum(1));
        Tensor other = tracer.feed("other", DType.F32, Shape.of(rows, 300));
        tracer.output("z", other.mul(other).tanh().sum(1));
        Program program = tracer.program();
        return PlanKernels.of(program, PlanKernels.plan(program), false).tasks().stream()
                .map(GeneratedKernel.class::cast)
                .toList();
    }

    @Test
    void oneContentIsOneClass() {
        KernelClasses classes = new KernelClasses();
        for (GeneratedKernel kernel : kernels(5)) {
            GeneratedKernel again = kernels(5).stream()
                    .filter(other -> other.className().equals(kernel.className()))
                    .findFirst()
                    .orElseThrow();
            Object instance = classes.instance(kernel);
            assertSame(instance, classes.instance(again));
            assertEquals(kernel.className(), instance.getClass().getName());
            assertNotSame(instance, new KernelClasses().instance(kernel), "of another backend");
        }
    }

    @Test
    void otherContentIsAnother() {
        KernelClasses classes = new KernelClasses();
        List<GeneratedKernel> kernels = kernels(5);
        long contents =
                kernels.stream().map(GeneratedKernel::className).distinct().count();
        long instances = kernels.stream().map(classes::instance).distinct().count();
        assertEquals(contents, instances);
        assertTrue(instances > 1, kernels::toString);
    }
}
