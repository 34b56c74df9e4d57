package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What a buffer takes and gives, and what it refuses. */
final class BufferCases {
    private BufferCases() {}

    static Stream<Check> all() {
        return Stream.of(
                new Check("a new buffer is zero", BufferCases::beginsAtZero),
                new Check("a wrong length or type is refused", BufferCases::refuses),
                new Check("a truth value is 0 or 1", BufferCases::truth),
                new Check("a copy has the other's bits, and is apart from it", BufferCases::copies),
                new Check("a program works on what was copied, and what it wrote can be copied", BufferCases::ran),
                new Check("a copy of another type or shape is refused", BufferCases::refusesCopies),
                new Check("a copy stays off the heap", BufferCases::staysOffTheHeap),
                new Check("a buffer of anywhere can be copied", BufferCases::foreign));
    }

    private static void beginsAtZero(Backend backend) {
        try (Buffer buffer = backend.allocate(DType.F32, Shape.of(3, 5))) {
            float[] values = new float[15];
            Arrays.fill(values, 1);
            buffer.read(values);
            assertArrayEquals(new float[15], values);
        }
    }

    private static void refuses(Backend backend) {
        try (Buffer floats = backend.allocate(DType.F32, Shape.of(3, 5));
                Buffer ints = backend.allocate(DType.I32, Shape.of(3, 5))) {
            Stream.<org.junit.jupiter.api.function.Executable>of(
                            () -> floats.write(new float[14]),
                            () -> floats.read(new float[16]),
                            () -> floats.write(new int[15]),
                            () -> floats.read(new int[15]),
                            () -> floats.write(12, new float[4]),
                            () -> floats.read(12, new float[4]),
                            () -> floats.write(-1, new float[4]),
                            () -> floats.read(Integer.MIN_VALUE, new float[4]),
                            () -> floats.write(Integer.MAX_VALUE, new float[4]),
                            () -> floats.read(16, new float[0]),
                            () -> floats.write(0, new int[15]),
                            () -> floats.read(0, new int[15]),
                            () -> ints.write(new int[16]),
                            () -> ints.read(new int[14]),
                            () -> ints.write(new float[15]),
                            () -> ints.read(new float[15]),
                            () -> ints.write(14, new int[2]),
                            () -> ints.read(-1, new int[1]),
                            () -> ints.write(0, new float[15]),
                            () -> ints.read(0, new float[15]))
                    .forEach(wrong -> assertThrows(IllegalArgumentException.class, wrong));
            floats.write(15, new float[0]);
            ints.read(15, new int[0]);
        }
    }

    /** NaN of every kind, zeros of either sign. */
    private static void copies(Backend backend) {
        float[] floats = {1, -0.0f, Float.intBitsToFloat(0x7fc01234), Float.NEGATIVE_INFINITY, Float.MIN_VALUE, 7};
        int[] ints = {Integer.MIN_VALUE, -1, 0, 1, 77, Integer.MAX_VALUE};
        try (Buffer from = backend.allocate(DType.F32, Shape.of(2, 3));
                Buffer to = backend.allocate(DType.F32, Shape.of(2, 3));
                Buffer whole = backend.allocate(DType.I32, Shape.of(6));
                Buffer other = backend.allocate(DType.I32, Shape.of(6))) {
            from.write(floats);
            float[] read = new float[6];
            from.read(read);
            to.write(new float[] {9, 9, 9, 9, 9, 9});
            to.copyFrom(from);
            from.write(new float[6]);
            assertArrayEquals(bits(read), bits(content(to)));
            to.copyFrom(to);
            assertArrayEquals(bits(read), bits(content(to)), "of itself");
            to.write(1, new float[] {5});
            from.copyFrom(to);
            assertEquals(5, content(from)[1]);

            whole.write(ints);
            other.copyFrom(whole);
            whole.write(new int[6]);
            int[] copied = new int[6];
            other.read(copied);
            assertArrayEquals(ints, copied);
        }
        try (Buffer none = backend.allocate(DType.F32, Shape.of(3, 0));
                Buffer nothing = backend.allocate(DType.F32, Shape.of(3, 0))) {
            none.copyFrom(nothing);
        }
    }

    private static float[] content(Buffer buffer) {
        float[] values = new float[buffer.shape().size()];
        buffer.read(values);
        return values;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** A device may have a content that its buffer has not, or work on one that its buffer has no longer. */
    private static void ran(Backend backend) {
        Tracer tracer = new Tracer();
        Tensor weight = tracer.state("weight", DType.F32, Shape.of(3));
        Tensor average = tracer.state("average", DType.F32, Shape.of(3));
        tracer.output("seen", average);
        tracer.update(weight, weight.add(1));
        tracer.update(average, average.mul(2));
        Program program = tracer.program();
        try (Executable executable = backend.compile(program);
                Buffer one = backend.allocate(DType.F32, Shape.of(3));
                Buffer two = backend.allocate(DType.F32, Shape.of(3));
                Buffer seen = backend.allocate(DType.F32, Shape.of(3))) {
            one.write(new float[] {1, 2, 3});
            Executable.Step step = executable.bind(Map.of("weight", one, "average", two, "seen", seen));
            two.copyFrom(one);
            step.run();
            assertArrayEquals(new float[] {1, 2, 3}, content(seen), "a copy before the first run");
            two.copyFrom(one);
            step.run();
            assertArrayEquals(new float[] {2, 3, 4}, content(seen), "a copy of what a run wrote over what it wrote");
            step.run();
            assertArrayEquals(new float[] {4, 6, 8}, content(seen), "as it went on");
            one.copyFrom(seen);
            step.run();
            assertArrayEquals(new float[] {5, 7, 9}, content(one), "a copy of an output");
            assertArrayEquals(new float[] {16, 24, 32}, content(two));
        }
    }

    private static void refusesCopies(Backend backend) {
        try (Buffer floats = backend.allocate(DType.F32, Shape.of(6));
                Buffer ints = backend.allocate(DType.I32, Shape.of(6));
                Buffer truths = backend.allocate(DType.BOOL, Shape.of(6));
                Buffer matrix = backend.allocate(DType.F32, Shape.of(2, 3));
                Buffer longer = backend.allocate(DType.F32, Shape.of(7))) {
            floats.write(new float[] {1, 2, 3, 4, 5, 6});
            for (Buffer wrong : List.of(ints, truths, matrix, longer)) {
                String message = assertThrows(IllegalArgumentException.class, () -> floats.copyFrom(wrong))
                        .getMessage();
                String what = wrong.dtype().label() + " " + wrong.shape();
                assertTrue(message.contains("f32 [6]") && message.contains(what), message);
                assertThrows(IllegalArgumentException.class, () -> wrong.copyFrom(floats), what);
                assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, content(floats), "was copied");
            }
            assertThrows(IllegalArgumentException.class, () -> truths.copyFrom(ints));
        }
    }

    private static void staysOffTheHeap(Backend backend) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Buffer from = backend.allocate(DType.F32, Shape.of(1 << 18));
                Buffer to = backend.allocate(DType.F32, Shape.of(1 << 18))) {
            to.copyFrom(from);
            long before = threads.getCurrentThreadAllocatedBytes();
            to.copyFrom(from);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(
                    bytes < from.shape().bytes() / 8,
                    () -> bytes + " bytes of the heap for a copy of "
                            + from.shape().bytes());
        }
    }

    /** More than a part of it. */
    private static void foreign(Backend backend) {
        for (Shape shape : List.of(Shape.of(3), Shape.of(Buffer.PART + 5), Shape.of(0))) {
            Sink from = new Sink(DType.F32, shape);
            Sink whole = new Sink(DType.I32, shape);
            for (int i = 0; i < shape.size(); i++) {
                from.floats[i] = i - 0.5f;
                whole.ints[i] = -i;
            }
            try (Buffer to = backend.allocate(DType.F32, shape);
                    Buffer other = backend.allocate(DType.I32, shape)) {
                to.copyFrom(from);
                assertArrayEquals(from.floats, content(to));
                other.copyFrom(whole);
                Sink back = new Sink(DType.I32, shape);
                back.copyFrom(other);
                assertArrayEquals(whole.ints, back.ints);
            }
        }
    }

    /** Two is true here and false there: so it is no truth value. */
    private static void truth(Backend backend) {
        try (Buffer buffer = backend.allocate(DType.BOOL, Shape.of(4))) {
            buffer.write(new int[] {1, 0, 1, 1});
            for (int wrong : new int[] {2, -1, Integer.MIN_VALUE, 256}) {
                String message = assertThrows(
                                IllegalArgumentException.class, () -> buffer.write(new int[] {0, 0, wrong, 0}))
                        .getMessage();
                assertTrue(message.contains("element 2 is " + wrong), message);
                assertThrows(IllegalArgumentException.class, () -> buffer.write(1, new int[] {0, wrong}));
            }
            int[] values = new int[4];
            buffer.read(values);
            assertArrayEquals(new int[] {1, 0, 1, 1}, values, "a part was written");
        }
    }
}
