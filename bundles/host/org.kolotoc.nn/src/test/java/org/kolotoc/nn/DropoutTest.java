package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

class DropoutTest {
    private static final int SIZE = 10_000;

    @Test
    void inTrainingSomeAreZeroAndTheMeanStays() {
        double rate = 0.2;
        Run run = Run.of(t -> {
            Tensor x = t.constant(1, DType.F32, Shape.of(SIZE));
            Dropout dropout = new Dropout(rate, t.feed("key", DType.I32, Shape.of(2)));
            t.output("first", dropout.apply(x));
            t.output("second", dropout.apply(x));
        });
        run.write("key", 3, 4).run();
        float[] first = run.read("first");
        float[] second = run.read("second");
        int zeros = 0;
        int differing = 0;
        for (int i = 0; i < SIZE; i++) {
            if (first[i] == 0) {
                zeros++;
            } else {
                assertEquals(1 / (1 - rate), first[i], 1e-6);
            }
            differing += first[i] == second[i] ? 0 : 1;
        }
        // Five standard deviations of a binomial number.
        double deviation = Math.sqrt(SIZE * rate * (1 - rate));
        assertEquals(SIZE * rate, zeros, 5 * deviation);
        assertTrue(differing > SIZE * rate, "each call draws numbers of its own");
    }

    @Test
    void outsideTrainingAndAtRateZeroNothingChanges() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(4));
        assertSame(x, new Dropout(0.5, null).apply(x));
        assertSame(x, new Dropout(0, trace.feed("key", DType.I32, Shape.of(2))).apply(x));
        assertSame(x, Dropout.NONE.apply(x));
    }
}
