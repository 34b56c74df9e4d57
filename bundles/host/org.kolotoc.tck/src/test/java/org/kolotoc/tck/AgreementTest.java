package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;
import org.opentest4j.AssertionFailedError;

/** A backend that is a little wrong does not pass. */
class AgreementTest {
    /** What a backend would have to give, with one element of an output changed. */
    private static void with(Case test, String output, int element, float relative) {
        Trial right = Trial.of(test, new ReferenceBackend());
        float[] changed = right.results().get(output).floats().clone();
        changed[element] *= 1 + relative;
        close(test, right, output, new Trial.Result(changed, null));
    }

    private static void close(Case test, Trial right, String output, Trial.Result changed) {
        Map<String, Trial.Result> results = new HashMap<>(right.results());
        results.put(output, changed);
        Agreement.close(test, right, new Trial(results));
    }

    private static Case of(Consumer<Tracer> trace) {
        return Case.of("test", trace);
    }

    private static final Case EXPONENTIALS =
            of(t -> t.output("y", t.feed("x", DType.F32, Shape.of(4)).exp())).with("x", Values.of(80, -70, 0, 3));

    @Test
    void anElementIsHeldToItselfNotToTheLargest() {
        for (int element = 0; element < 4; element++) {
            int at = element;
            with(EXPONENTIALS, "y", at, 4e-7f);
            assertThrows(AssertionFailedError.class, () -> with(EXPONENTIALS, "y", at, 4e-6f));
        }
    }

    @Test
    void whatIsOnlyMovedIsTheSame() {
        Case moved = of(t -> t.output(
                "y",
                t.feed("x", DType.F32, Shape.of(3, 5)).matrixTranspose().abs().max(0)));
        assertThrows(AssertionFailedError.class, () -> with(moved, "y", 1, 2e-7f));
    }

    @Test
    void ofADifferenceTheErrorsOfBothSidesAreLeft() {
        Case difference = of(t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(3));
                    t.output("y", x.exp().sub(x.exp().mul(1.0001)));
                })
                .with("x", Values.of(1, 2, -3));
        with(difference, "y", 2, 3e-4f);
        assertThrows(AssertionFailedError.class, () -> with(difference, "y", 2, 4e-2f));
    }

    @Test
    void aSumIsHeldToItsAddends() {
        Case sums = of(t ->
                        t.output("y", t.feed("x", DType.F32, Shape.of(3, 50)).sum(1)))
                .with("x", (random, index) -> index < 50 ? 1e6 * random.normal(index) : random.normal(index));
        with(sums, "y", 1, 1e-6f);
        assertThrows(AssertionFailedError.class, () -> with(sums, "y", 1, 1e-2f));
    }

    @Test
    void aStateIsOffByWhatAllRunsRound() {
        Case average = of(t -> {
                    Tensor state = t.state("s", DType.F32, Shape.of(2));
                    t.update(
                            state,
                            state.mul(0.9)
                                    .add(t.feed("x", DType.F32, Shape.of(2)).tanh()));
                })
                .times(3);
        with(average, "s", 0, 4e-7f);
        assertThrows(AssertionFailedError.class, () -> with(average, "s", 0, 2e-5f));
    }

    @Test
    void productsOfRoundedOperandsAreHeldToTheirSums() {
        Case rounded = of(t -> {
            try (Tracer.Scope _ = t.products(org.kolotoc.tensor.Op.Precision.BF16)) {
                Tensor a = t.feed("a", DType.F32, Shape.of(3, 8));
                t.output("exact", a.matmul(t.feed("b", DType.F32, Shape.of(8, 2))));
                t.output("computed", a.exp().matmul(t.feed("b", DType.F32, Shape.of(8, 2))));
            }
        });
        with(rounded, "exact", 3, 2e-7f);
        assertThrows(AssertionFailedError.class, () -> with(rounded, "exact", 3, 1e-4f));
        with(rounded, "computed", 3, 1e-3f);
        assertThrows(AssertionFailedError.class, () -> with(rounded, "computed", 3, 0.3f));
    }

    @Test
    void aValueThatIsNoNumberFails() {
        assertThrows(AssertionFailedError.class, () -> with(EXPONENTIALS, "y", 0, Float.NaN));
        assertThrows(AssertionFailedError.class, () -> with(EXPONENTIALS, "y", 0, Float.POSITIVE_INFINITY));
    }

    @Test
    void anotherIntegerFails() {
        Case integers =
                of(t -> t.output("y", t.feed("a", DType.I32, Shape.of(2)).add(t.constant(1, DType.I32))));
        Trial right = Trial.of(integers, new ReferenceBackend());
        int[] changed = right.results().get("y").ints().clone();
        changed[1]++;
        assertThrows(AssertionFailedError.class, () -> close(integers, right, "y", new Trial.Result(null, changed)));
    }

    @Test
    void anotherLastBitIsNotTheSameBits() {
        Trial right = Trial.of(EXPONENTIALS, new ReferenceBackend());
        float[] changed = right.results().get("y").floats().clone();
        changed[3] = Math.nextUp(changed[3]);
        Trial other = new Trial(Map.of("y", new Trial.Result(changed, null)));
        assertThrows(AssertionFailedError.class, () -> Agreement.sameBits(EXPONENTIALS, right, other));
        Agreement.close(EXPONENTIALS, right, other);
        assertThrows(AssertionFailedError.class, () -> Agreement.close(EXPONENTIALS.bits(), right, other));
    }
}
