package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferAssignmentTest {
    private static final int BUFFERS = 60;
    private static final int LAUNCHES = 40;

    /** Whatever lives at once lies apart, and nothing in two arrays. */
    @ParameterizedTest
    @ValueSource(longs = {4096, 8192, 1 << 16, Long.MAX_VALUE})
    void buffersThatLiveAtOnceLieApartAndEachInOneArray(long array) {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            long[] bytes = IntStream.range(0, BUFFERS)
                    .mapToLong(_ -> random.nextInt(5) == 0 ? 0 : 4L * (1 + random.nextInt(1024)))
                    .toArray();
            List<List<Integer>> uses = new ArrayList<>();
            for (int launch = 0; launch < LAUNCHES; launch++) {
                uses.add(random.ints(4, 0, BUFFERS).distinct().boxed().toList());
            }
            BufferAssignment assignment = new BufferAssignment(bytes, uses, array);
            for (int a = 0; a < BUFFERS; a++) {
                long from = assignment.offset(a);
                long to = from + bytes[a];
                assertEquals(0, from % 64);
                assertTrue(to <= assignment.total());
                assertTrue(bytes[a] == 0 || from / array == (to - 1) / array, a + " lies in two arrays");
                for (int b = 0; b < a; b++) {
                    boolean apart = to <= assignment.offset(b) || assignment.offset(b) + bytes[b] <= from;
                    assertTrue(apart || bytes[a] == 0 || bytes[b] == 0 || !meet(uses, a, b), a + " and " + b);
                }
            }
        }
    }

    private static boolean meet(List<List<Integer>> uses, int a, int b) {
        return first(uses, a) <= last(uses, b) && first(uses, b) <= last(uses, a);
    }

    private static int first(List<List<Integer>> uses, int buffer) {
        return IntStream.range(0, uses.size())
                .filter(launch -> uses.get(launch).contains(buffer))
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private static int last(List<List<Integer>> uses, int buffer) {
        return IntStream.range(0, uses.size())
                .filter(launch -> uses.get(launch).contains(buffer))
                .max()
                .orElse(-1);
    }

    @Test
    void arraysThatTwoOfThreeBuffersFillAreTwo() {
        BufferAssignment assignment =
                new BufferAssignment(new long[] {3072, 3072, 1024}, List.of(List.of(0, 1, 2)), 4096);
        assertEquals(
                List.of(0L, 4096L, 3072L),
                IntStream.range(0, 3).mapToObj(assignment::offset).toList());
        assertEquals(7168, assignment.total());
    }
}
