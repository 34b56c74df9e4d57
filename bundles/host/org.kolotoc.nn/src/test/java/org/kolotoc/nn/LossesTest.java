package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

class LossesTest {
    @Test
    void positionsThatDoNotCountHaveExactlyNoGradient() {
        Run run = counted().write("counted", 1, 0, 1).run();
        double one = -Math.log(Math.exp(1) / (Math.exp(1) + Math.exp(2)));
        double two = -Math.log(Math.exp(5) / (Math.exp(5) + Math.exp(5)));
        assertEquals((one + two) / 2, run.read("loss")[0], 1e-6);
        float[] gradient = run.read("gradient");
        assertArrayEquals(new float[2], Arrays.copyOfRange(gradient, 2, 4));
        assertTrue(gradient[0] != 0 && gradient[4] != 0);
    }

    @Test
    void nothingCountedIsNoLoss() {
        Run run = counted().write("counted", 0, 0, 0).run();
        assertEquals(0, run.read("loss")[0]);
        assertArrayEquals(new float[6], run.read("gradient"));
    }

    private static Run counted() {
        Run run = Run.of(t -> {
            Tensor logits = t.feed("logits", DType.F32, Shape.of(3, 2));
            Tensor loss = Losses.crossEntropy(
                    logits, t.feed("targets", DType.I32, Shape.of(3)), t.feed("counted", DType.BOOL, Shape.of(3)));
            t.output("loss", loss);
            t.output("gradient", Gradients.of(loss, List.of(logits)).getFirst());
        });
        return run.write("logits", 1, 2, 3, 4, 5, 5).write("targets", 0, 1, 1);
    }

    @Test
    void whatHasNoWeightIsNothingWhateverIsLostThere() {
        Run run = Run.of(t -> t.output(
                "weighted",
                Losses.weighted(t.feed("losses", DType.F32, Shape.of(5)), t.feed("weights", DType.F32, Shape.of(5)))));
        run.write("losses", 2, Double.NaN, Double.POSITIVE_INFINITY, 3, 7).write("weights", 1, 0, 0, 0.5, 0);
        assertArrayEquals(new float[] {2, 0, 0, 1.5f, 0}, run.run().read("weighted"));
    }

    @Test
    void theMeanSquareIsOneOfDifferences() {
        Run run = Run.of(t -> t.output(
                "loss", Losses.meanSquare(t.feed("a", DType.F32, Shape.of(2)), t.feed("b", DType.F32, Shape.of(2)))));
        assertEquals((4 + 9) / 2.0, run.write("a", 1, 2).write("b", 3, -1).run().read("loss")[0], 1e-6);
    }
}
