package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** Batches made of a function that writes one example. */
final class RowBatchesTest {
    private static final List<Signature.Port> FIELDS =
            Signature.parse("-> i32 tokens[batch,time]; f32 weights[batch]").outputs();
    private static final Map<String, Integer> AXES = Map.of("batch", 2, "time", 3);
    private static final int ROWS = 5;

    private final Sink tokens = new Sink(DType.I32, Shape.of(2, 3));
    private final Sink weights = new Sink(DType.F32, Shape.of(2));

    /** Leaves the last element of each row as it is. */
    private static void write(long number, Batches.Fields out) {
        out.ints("tokens")[0] = (int) number;
        out.ints("tokens")[1] = 7;
        out.floats("weights")[0] = 1;
    }

    private void fill(Batches batches, long index) {
        batches.fill(index, Map.of("tokens", tokens, "weights", weights));
    }

    @Test
    void heldOutRowsComeOnceInAPassAndWhatFillsTheLastBatchIsZeros() {
        Batches batches = Batches.passes(FIELDS, AXES, ROWS, RowBatchesTest::write);
        assertEquals(3, batches.count());
        for (long pass = 0; pass < 2; pass++) {
            fill(batches, 3 * pass + 1);
            assertArrayEquals(new int[] {2, 7, 0, 3, 7, 0}, tokens.ints);
            assertArrayEquals(new float[] {1, 1}, weights.floats);
            fill(batches, 3 * pass + 2);
            assertArrayEquals(new int[] {4, 7, 0, 0, 0, 0}, tokens.ints);
            assertArrayEquals(new float[] {1, 0}, weights.floats);
        }
    }

    @Test
    void trainingGoesOnWithoutPadding() {
        Batches batches = Batches.endless(FIELDS, AXES, ROWS, RowBatchesTest::write);
        assertEquals(3, batches.count());
        fill(batches, 2);
        assertArrayEquals(new int[] {4, 7, 0, 5, 7, 0}, tokens.ints);
        fill(batches, 3);
        assertArrayEquals(new int[] {6, 7, 0, 7, 7, 0}, tokens.ints);
        assertArrayEquals(new float[] {1, 1}, weights.floats);
    }

    @Test
    void whatIsNoFieldIsNamed() {
        Batches batches = Batches.endless(FIELDS, AXES, ROWS, (_, out) -> out.ints("weights"));
        says(() -> batches.fill(0, Map.of("tokens", tokens)), "'weights'", "i32", "[tokens, weights]");
        says(() -> batches.fill(0, Map.of("labels", tokens)), "labels", "[tokens, weights]");
        says(() -> Batches.endless(FIELDS, Map.of("batch", 2), ROWS, RowBatchesTest::write), "'time'");
        List<Signature.Port> other =
                Signature.parse("-> i32 tokens[time,batch]").outputs();
        says(() -> Batches.endless(other, AXES, ROWS, RowBatchesTest::write), "i32 tokens[time,batch]", "batch");
    }

    private static void says(Runnable wrong, String... parts) {
        String message =
                assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
