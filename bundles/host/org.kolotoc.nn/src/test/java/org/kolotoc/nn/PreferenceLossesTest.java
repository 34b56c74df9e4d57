package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

class PreferenceLossesTest {
    private static Run of(int answers, UnaryOperator<Tensor> loss, double... rewards) {
        return Run.of(t -> {
                    Tensor given = t.feed("rewards", DType.F32, Shape.of(rewards.length / answers, answers));
                    Tensor lost = Functions.mean(loss.apply(given));
                    t.output("loss", lost);
                    t.output("gradient", Gradients.of(lost, List.of(given)).getFirst());
                })
                .write("rewards", rewards)
                .run();
    }

    /** Two answers are a pair, whichever way the loss is written. */
    @Test
    void ofTwoAnswersAllAreTheSame() {
        float expected = (float) Math.log1p(Math.exp(-1.5));
        UnaryOperator<Tensor> pairs = r -> PreferenceLosses.pairwise(r.slice(1, 0, 1), r.slice(1, 1, 2));
        for (UnaryOperator<Tensor> loss :
                List.<UnaryOperator<Tensor>>of(pairs, PreferenceLosses::kwise, PreferenceLosses::listwise)) {
            assertEquals(expected, of(2, loss, 2, 0.5).read("loss")[0], 1e-6);
        }
    }

    /** A constant that is a power of two is added without rounding. */
    @Test
    void aConstantAddedToAllRewardsChangesNothing() {
        for (UnaryOperator<Tensor> loss :
                List.<UnaryOperator<Tensor>>of(PreferenceLosses::kwise, PreferenceLosses::listwise)) {
            Run run = of(3, loss, 0.5, -1, 0.25, 1, 2, 3);
            Run moved = of(3, loss, 16.5, 15, 16.25, 17, 18, 19);
            assertEquals(run.read("loss")[0], moved.read("loss")[0], 1e-6);
            assertArrayEquals(run.read("gradient"), moved.read("gradient"), 1e-6f);
        }
    }

    /** Where a head of zeros begins: half of the way for each pair, not all of it or none. */
    @Test
    void equalRewardsArePushedApartByOneHalf() {
        assertArrayEquals(
                new float[] {-0.5f, 0.5f}, of(2, PreferenceLosses::kwise, 0, 0).read("gradient"), 1e-7f);
    }

    @Test
    void farApartNothingOverflows() {
        Run run = of(2, PreferenceLosses::kwise, -3e4, 3e4);
        assertEquals(6e4, run.read("loss")[0], 1);
        assertArrayEquals(new float[] {-1, 1}, run.read("gradient"), 1e-6f);
        assertEquals(0, of(2, PreferenceLosses::kwise, 3e4, -3e4).read("loss")[0]);
    }
}
