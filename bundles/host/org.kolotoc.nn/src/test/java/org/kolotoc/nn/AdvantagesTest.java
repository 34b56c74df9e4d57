package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

class AdvantagesTest {
    @Test
    void whitenedScoresHaveMeanZeroAndDeviationOne() {
        float[] whitened = Run.of(t -> t.output("w", Advantages.whitened(t.feed("x", DType.F32, Shape.of(5)))))
                .write("x", 0.2, 1.0, -1.2, 40, 7)
                .run()
                .read("w");
        double sum = 0;
        double squares = 0;
        for (float one : whitened) {
            sum += one;
            squares += one * one;
        }
        assertEquals(0, sum / 5, 1e-3);
        assertEquals(1, Math.sqrt(squares / 4), 1e-2);
    }

    /** Nobody learns where all did equally well, and a batch of one has nobody to compare with. */
    @Test
    void equalScoresAreNoAdvantage() {
        for (int rows : new int[] {1, 3, 7}) {
            float[] whitened = Run.of(t -> t.output("w", Advantages.whitened(t.feed("x", DType.F32, Shape.of(rows)))))
                    .write(
                            "x",
                            java.util.stream.DoubleStream.generate(() -> 0.7)
                                    .limit(rows)
                                    .toArray())
                    .run()
                    .read("w");
            assertArrayEquals(new float[rows], whitened);
        }
        assertArrayEquals(
                new float[3],
                Run.of(t -> t.output("g", Advantages.group(t.feed("x", DType.F32, Shape.of(1, 3)))))
                        .write("x", 2, 2, 2)
                        .run()
                        .read("g"));
    }

    /** The recursion of the paper, by hand: rewards and values where nothing is counted have no part in it. */
    @Test
    void generalizedAdvantagesFollowTheRecursion() {
        Run run = Run.of(t -> {
            Advantages.Generalized generalized = Advantages.generalized(
                    t.feed("rewards", DType.F32, Shape.of(1, 5)),
                    t.feed("values", DType.F32, Shape.of(1, 5)),
                    t.feed("counted", DType.BOOL, Shape.of(1, 5)),
                    0.9,
                    0.8);
            t.output("advantages", generalized.advantages());
            t.output("returns", generalized.returns());
        });
        run.write("rewards", 100, 1, 2, 3, Double.NaN).write("values", 100, 0.5, 0.25, -1, 100);
        run.write("counted", 0, 1, 1, 1, 0).run();
        double third = 3 + 1;
        double second = 2 + 0.9 * -1 - 0.25 + 0.72 * third;
        double first = 1 + 0.9 * 0.25 - 0.5 + 0.72 * second;
        assertArrayEquals(
                new float[] {0, (float) first, (float) second, (float) third, 0}, run.read("advantages"), 1e-5f);
        assertEquals(first + 0.5, run.read("returns")[1], 1e-5);
    }

    @Test
    void aScoreIsEarnedByTheLastTokenOfAnAnswerAlone() {
        Run run = Run.of(t -> t.output(
                "rewards",
                Advantages.tokenRewards(
                        t.feed("old", DType.F32, Shape.of(2, 3)),
                        t.feed("reference", DType.F32, Shape.of(2, 3)),
                        t.feed("counted", DType.BOOL, Shape.of(2, 3)),
                        t.feed("scores", DType.F32, Shape.of(2)),
                        0.5)));
        run.write("old", -1, -1, -1, -2, -2, -2).write("reference", -2, -3, -1, -2, -1, -4);
        run.write("counted", 1, 1, 0, 0, 1, 1).write("scores", 10, 20).run();
        assertArrayEquals(new float[] {-0.5f, 9, 0, 0, 0.5f, 19}, run.read("rewards"), 1e-6f);
    }
}
