package org.kolotoc.backend.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What a device compiles: each content once in a process, with its source for whoever asks. */
@Sdk.Needed
class DeviceReuseTest {
    private static TornadoBackend tornado;

    @BeforeAll
    static void start() {
        tornado = new TornadoBackend();
    }

    @AfterAll
    static void stop() {
        if (tornado != null) {
            tornado.close();
        }
    }

    private static Program program(double factor) {
        Tracer tracer = new Tracer();
        Tensor x = tracer.feed("x", DType.F32, Shape.of(5, 300));
        tracer.output("y", x.mul(factor).sum(1));
        return tracer.program();
    }

    private static float[] run(Program program) {
        try (Executable executable = tornado.compile(program)) {
            Map<String, Buffer> buffers = new HashMap<>();
            buffers.put("x", tornado.allocate(DType.F32, Shape.of(5, 300)));
            buffers.put("y", tornado.allocate(DType.F32, Shape.of(5)));
            float[] ones = new float[1500];
            Arrays.fill(ones, 1);
            buffers.get("x").write(ones);
            executable.bind(buffers).run();
            float[] y = new float[5];
            buffers.get("y").read(y);
            buffers.values().forEach(Buffer::close);
            return y;
        }
    }

    @Test
    void theSameProgramIsCompiledOnce() {
        assertEquals(600f, run(program(2))[4]);
        int kernels = tornado.compilation().kernels();
        assertTrue(kernels > 0 && tornado.compilation().seconds() > 0);
        assertEquals(600f, run(program(2))[4]);
        assertEquals(kernels, tornado.compilation().kernels(), "a second time");
        assertEquals(900f, run(program(3))[4]);
        assertTrue(tornado.compilation().kernels() > kernels, "another program");
    }

    /** Measured and other runs of one step go on from each other, and every kernel took some time. */
    @Test
    void everyKernelHasItsTime() {
        Tracer tracer = new Tracer();
        Tensor x = tracer.state("x", DType.F32, Shape.of(96, 96));
        Tensor product = x.matmul(x);
        tracer.output("y", product.sum(1));
        tracer.update(x, product.mul(1.0 / 96));
        Executable executable = tornado.compile(tracer.program());
        try (Buffer state = tornado.allocate(DType.F32, Shape.of(96, 96));
                Buffer out = tornado.allocate(DType.F32, Shape.of(96))) {
            float[] twos = new float[96 * 96];
            Arrays.fill(twos, 2);
            state.write(twos);
            Executable.Step step = executable.bind(Map.of("x", state, "y", out));
            List<Explanation.Kernel> kernels = executable.explain().kernels();
            long[] times = new long[kernels.size()];
            assumeTrue(!tornado.devices().getFirst().id().startsWith("tornado:cuda"), "TornadoVM tells no times there");
            float[] y = new float[96];
            // A matrix of equal numbers a becomes one of a * a.
            float expected = 2;
            for (int run = 0; run < 4; run++) {
                if (run % 2 == 0) {
                    step.run(times);
                } else {
                    step.run();
                }
                expected *= expected;
                out.read(y);
                assertEquals(96f * 96 * expected, y[95], 1e-4f * 96 * 96 * expected, "run " + run);
            }
            for (int i = 0; i < times.length; i++) {
                assertTrue(times[i] > 0, kernels.get(i).name() + " took " + times[i] + " ns");
            }
            executable.close();
            assertThrows(IllegalStateException.class, step::run, "what it had may be another's");
        }
    }

    @Test
    void everyKernelHasItsSource() {
        try (Executable executable = tornado.compile(program(2))) {
            assertFalse(executable.explain().kernels().isEmpty());
            executable.explain().kernels().forEach(kernel -> {
                String source = executable.source(kernel.name()).orElseThrow();
                assertTrue(source.contains("rowsKernel"), source);
            });
            assertTrue(executable.source("nothing").isEmpty());
        }
    }
}
