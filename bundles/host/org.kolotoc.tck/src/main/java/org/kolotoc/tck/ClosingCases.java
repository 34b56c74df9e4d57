package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What was closed refuses; what was not goes on. */
final class ClosingCases {
    private static final Case COUNTER = Case.of("a counter", t -> {
                Tensor x = t.feed("x", DType.F32, Shape.of(7, 40));
                Tensor count = t.state("count", DType.I32, Shape.of(3));
                t.output("y", x.matmul(x.matrixTranspose()).tanh().sum(1));
                t.output("positive", x.gt(x.constant(0)));
                t.update(count, count.add(count.constant(1)));
            })
            .with("count", Values.of(5));

    private ClosingCases() {}

    static Stream<Check> all() {
        return Stream.of(
                new Check("a buffer that was closed takes and gives nothing", ClosingCases::buffers),
                new Check("a program that was closed does nothing", ClosingCases::program),
                new Check("buffers outlive the program", ClosingCases::buffersOutlive),
                new Check("a step runs only while all its buffers are open", ClosingCases::steps),
                new Check("a closed buffer is not bound, or not run", ClosingCases::boundLate));
    }

    static void refused(String what, org.junit.jupiter.api.function.Executable use) {
        String message = assertThrows(IllegalStateException.class, use, what).getMessage();
        assertTrue(message != null && message.contains("closed"), () -> what + ": " + message);
    }

    private static void buffers(Backend backend) {
        for (DType dtype : DType.values()) {
            Buffer buffer = backend.allocate(dtype, Shape.of(2, 3));
            buffer.close();
            boolean floats = dtype == DType.F32;
            refused("write", () -> write(floats, buffer));
            refused("read", () -> read(floats, buffer));
            refused("write a part", () -> writePart(floats, buffer));
            refused("read a part", () -> readPart(floats, buffer));
            try (Buffer open = backend.allocate(dtype, Shape.of(2, 3))) {
                refused("copy to", () -> buffer.copyFrom(open));
                refused("copy from", () -> open.copyFrom(buffer));
            }
            buffer.close();
            assertEquals(dtype, buffer.dtype());
            assertEquals(Shape.of(2, 3), buffer.shape());
        }
    }

    private static void write(boolean floats, Buffer buffer) {
        if (floats) {
            buffer.write(new float[6]);
        } else {
            buffer.write(new int[6]);
        }
    }

    private static void read(boolean floats, Buffer buffer) {
        if (floats) {
            buffer.read(new float[6]);
        } else {
            buffer.read(new int[6]);
        }
    }

    private static void writePart(boolean floats, Buffer buffer) {
        if (floats) {
            buffer.write(1, new float[2]);
        } else {
            buffer.write(1, new int[2]);
        }
    }

    private static void readPart(boolean floats, Buffer buffer) {
        if (floats) {
            buffer.read(1, new float[2]);
        } else {
            buffer.read(1, new int[2]);
        }
    }

    private static void onCounter(Backend backend, ThrowingConsumer<Opened> check) throws Throwable {
        Program program = COUNTER.program();
        Executable executable = backend.compile(program);
        try (executable;
                Bound bound = Bound.of(COUNTER, program, backend, executable)) {
            check.accept(new Opened(executable, bound));
        }
    }

    /** The counter, running. */
    private record Opened(Executable executable, Bound bound) {
        int count() {
            int[] count = new int[3];
            bound.buffers().get("count").read(count);
            return count[0];
        }
    }

    private static void program(Backend backend) throws Throwable {
        onCounter(backend, open -> {
            open.bound().step().run();
            long[] times = new long[open.executable().explain().kernels().size()];
            open.executable().close();
            refused("run", () -> open.bound().step().run());
            assertThrows(RuntimeException.class, () -> open.bound().step().run(times), "measured");
            refused("bind", () -> open.executable().bind(open.bound().buffers()));
            refused("explain", () -> open.executable().explain());
            open.executable().close();
            assertEquals(6, open.count());
        });
    }

    private static void buffersOutlive(Backend backend) throws Throwable {
        onCounter(backend, open -> {
            open.bound().step().run();
            open.bound().step().run();
            Trial before = open.bound().results(COUNTER.program());
            open.executable().close();
            Agreement.sameBits(COUNTER, before, open.bound().results(COUNTER.program()));
            assertEquals(7, open.count());
            open.bound().buffers().get("count").write(new int[] {1, 2, 3});
            assertEquals(1, open.count());
        });
    }

    private static void steps(Backend backend) throws Throwable {
        for (String closed : COUNTER.program().inputs().keySet()) {
            onCounter(backend, open -> {
                Buffer y = open.bound().buffers().get("y");
                float[] untouched = {1, 2, 3, 4, 5, 6, 7};
                y.write(untouched);
                open.bound().buffers().get(closed).close();
                refused("run without " + closed, () -> open.bound().step().run());
                float[] now = new float[7];
                y.read(now);
                assertArrayEquals(untouched, now, "was run");
            });
        }
        for (String closed : COUNTER.program().outputs().keySet()) {
            onCounter(backend, open -> {
                open.bound().step().run();
                open.bound().buffers().get(closed).close();
                refused("run without " + closed, () -> open.bound().step().run());
                assertEquals(6, open.count(), "was run");
            });
        }
    }

    private static void boundLate(Backend backend) throws Throwable {
        onCounter(backend, open -> {
            Map<String, Buffer> others = new HashMap<>(open.bound().buffers());
            Buffer closed = backend.allocate(DType.F32, Shape.of(7, 40));
            closed.close();
            others.put("x", closed);
            refused("bind or run", () -> open.executable().bind(others).run());
            assertEquals(5, open.count(), "was run");
        });
    }

    /** A backend that nobody needs any more. */
    static void ended(Backend backend) {
        Tracer tracer = new Tracer();
        tracer.output("y", tracer.feed("x", DType.F32, Shape.of(3)).mul(2));
        Program program = tracer.program();
        Executable executable = backend.compile(program);
        Buffer x = backend.allocate(DType.F32, Shape.of(3));
        Buffer y = backend.allocate(DType.F32, Shape.of(3));
        x.write(new float[] {1, 2, 3});
        Executable.Step step = executable.bind(Map.of("x", x, "y", y));
        step.run();
        backend.close();
        backend.close();
        refused("allocate", () -> backend.allocate(DType.F32, Shape.of(3)));
        refused("compile", () -> backend.compile(program));
        refused("run", step::run);
        refused("bind", () -> executable.bind(Map.of("x", x, "y", y)));
        float[] result = new float[3];
        y.read(result);
        assertArrayEquals(new float[] {2, 4, 6}, result);
        executable.close();
        x.close();
        y.close();
    }
}
