package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.opentest4j.AssertionFailedError;

/** A backend that is a little wrong does not pass. */
class AgreementTest {
    private static final Case SUM = Case.of("sum", t -> {
        t.output("y", t.feed("x", DType.F32, Shape.of(3)).sum());
        t.output("i", t.feed("a", DType.I32, Shape.of(1)));
    });

    @Test
    void roundingPasses() {
        Agreement.close(SUM, trial(1, 100, 7), trial(1, 100.00001f, 7));
    }

    @Test
    void aWrongFourthDigitFails() {
        assertThrows(AssertionFailedError.class, () -> Agreement.close(SUM, trial(1, 100, 7), trial(1, 100.02f, 7)));
    }

    @Test
    void aValueThatIsNoNumberFails() {
        assertThrows(
                AssertionFailedError.class, () -> Agreement.close(SUM, trial(1, 100, 7), trial(Float.NaN, 100, 7)));
    }

    @Test
    void anotherIntegerFails() {
        assertThrows(AssertionFailedError.class, () -> Agreement.close(SUM, trial(1, 100, 7), trial(1, 100, 8)));
    }

    @Test
    void anotherLastBitIsNotTheSameBits() {
        assertThrows(
                AssertionFailedError.class,
                () -> Agreement.sameBits(SUM, trial(1, 100, 7), trial(Math.nextUp(1f), 100, 7)));
    }

    private static Trial trial(float first, float second, int integer) {
        return new Trial(Map.of(
                "y", new Trial.Result(new float[] {first, second}, null),
                "i", new Trial.Result(null, new int[] {integer})));
    }
}
