package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Normal numbers are made of what is rounded as everywhere, so a seed means the same numbers on every processor. */
class NormalBitsTest {
    private static final int COUNT = 100_003;

    @Test
    void normalNumbersHaveTheBitsOfTheReference() {
        Tracer t = new Tracer();
        Tensor key = t.feed("key", DType.I32, Shape.of(2));
        t.output("y", t.normal(key, Shape.of(COUNT), 5));
        // Once a row, and in a kernel with much else.
        t.output("rows", t.normal(key, Shape.of(COUNT, 1), 5).broadcast(Shape.of(COUNT, 2)));
        float[] expected = new float[COUNT];
        float[] twice = new float[2 * COUNT];
        for (int i = 0; i < COUNT; i++) {
            expected[i] = CounterRandom.normal(-9, 4, 5, i);
            twice[2 * i] = expected[i];
            twice[2 * i + 1] = expected[i];
        }
        Map<String, Object> results = Runs.of(new CpuBackend(2), t.program(), Map.of("key", new int[] {-9, 4}));
        assertArrayEquals(expected, (float[]) results.get("y"));
        assertArrayEquals(twice, (float[]) results.get("rows"));
    }
}
