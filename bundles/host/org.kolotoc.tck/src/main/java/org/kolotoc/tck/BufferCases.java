package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** What a buffer takes and gives, and what it refuses. */
final class BufferCases {
    private BufferCases() {}

    static Stream<Check> all() {
        return Stream.of(
                new Check("a new buffer is zero", BufferCases::beginsAtZero),
                new Check("a wrong length or type is refused", BufferCases::refuses),
                new Check("a truth value is 0 or 1", BufferCases::truth));
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
            Stream.<Executable>of(
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
