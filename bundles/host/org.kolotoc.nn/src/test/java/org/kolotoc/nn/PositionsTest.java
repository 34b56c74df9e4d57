package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** What attention knows of where tokens stand. */
class PositionsTest {
    @Test
    void scoresOfTurnedVectorsDependOnTheirDistanceAlone() {
        for (boolean interleaved : new boolean[] {false, true}) {
            Rotary rotary = new Rotary(6, 100, interleaved);
            Run run = Run.of(t -> {
                Tensor q = t.feed("q", DType.F32, Shape.of(1, 1, 1, 6)).broadcast(Shape.of(1, 1, 4, 6));
                Tensor k = t.feed("k", DType.F32, Shape.of(1, 1, 1, 6)).broadcast(Shape.of(1, 1, 4, 6));
                Tensor at = t.iota(Shape.of(4), 0);
                Tensor turned = rotary.apply(q, at).matmul(rotary.apply(k, at).matrixTranspose());
                Tensor later = rotary.apply(q, at.add(9))
                        .matmul(rotary.apply(k, at.add(9)).matrixTranspose());
                t.output("scores", turned);
                t.output("later", later);
                t.output("plain", q.mul(k).sum(3));
            });
            run.write("q", numbers("q", 6)).write("k", numbers("k", 6)).run();
            float[] scores = run.read("scores");
            assertArrayEquals(scores, run.read("later"), 1e-5f);
            assertEquals(run.read("plain")[0], scores[0], 1e-5);
            assertEquals(scores[1], scores[6], 1e-5);
            assertEquals(scores[1], scores[11], 1e-5);
            assertEquals(true, Math.abs(scores[1] - scores[2]) > 1e-3, "distances differ");
        }
    }

    @Test
    void eachRowTurnsByItsOwnPositions() {
        Rotary rotary = new Rotary(4, 10_000, false);
        Run run = Run.of(t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 1, 3, 4));
            Tensor from = t.feed("from", DType.I32, Shape.of(2, 3));
            t.output("rows", rotary.apply(x, from));
            t.output("first", rotary.apply(x, t.iota(Shape.of(3), 0)));
            t.output("second", rotary.apply(x, t.iota(Shape.of(3), 0).add(5)));
        });
        run.write("x", numbers("x", 24)).write("from", 0, 1, 2, 5, 6, 7).run();
        float[] rows = run.read("rows");
        for (int i = 0; i < 24; i++) {
            assertEquals(run.read(i < 12 ? "first" : "second")[i], rows[i], 1e-6, "element " + i);
        }
    }

    @Test
    void headsOfAnOddWidthCannotBeTurned() {
        assertThrows(IllegalArgumentException.class, () -> new Rotary(5, 10_000, false));
    }

    /** Buckets of the original's function, 32 of them up to distance 128. */
    @Test
    void nearDistancesHaveABucketEachAndFarOnesShare() {
        RelativeBias both = new RelativeBias(1, 32, 128, true);
        int[] behind = {0, 1, 7, 8, 11, 12, 15, 16, 22, 23, 31, 32, 45, 46, 63, 64, 90, 91, 127, 128, 1000};
        int[] expected = {0, 17, 23, 24, 24, 25, 25, 26, 26, 27, 27, 28, 28, 29, 29, 30, 30, 31, 31, 31, 31};
        for (int i = 0; i < behind.length; i++) {
            assertEquals(expected[i], both.bucket(behind[i]), "behind by " + behind[i]);
            assertEquals(Math.max(0, expected[i] - 16), both.bucket(-behind[i]), "before by " + behind[i]);
        }
        RelativeBias back = new RelativeBias(1, 32, 128, false);
        assertEquals(0, back.bucket(5));
        assertEquals(15, back.bucket(-15));
        assertEquals(16, back.bucket(-16));
        assertEquals(31, back.bucket(-500));
    }

    @Test
    void everyHeadAddsItsNumberOfTheDistance() {
        RelativeBias bias = new RelativeBias(2, 4, 3, true);
        Run run = Run.of(t -> t.output(
                "bias",
                bias.apply(
                        Run.states(t, bias.parameters()), t.iota(Shape.of(3), 0).add(1), 4)));
        float[] found = run.write("weight", 0, 10, 1, 11, 2, 12, 3, 13).run().read("bias");
        for (int head = 0; head < 2; head++) {
            for (int query = 0; query < 3; query++) {
                for (int key = 0; key < 4; key++) {
                    assertEquals(
                            10 * head + bias.bucket(key - query - 1),
                            found[(head * 3 + query) * 4 + key],
                            "head " + head + ", query " + query + ", key " + key);
                }
            }
        }
    }

    @Test
    void bucketsThatLeaveNoneForFarDistancesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RelativeBias(1, 8, 2, true));
        assertThrows(IllegalArgumentException.class, () -> new RelativeBias(1, 7, 20, true));
    }

    private static double[] numbers(String name, int count) {
        CounterRandom random = new CounterRandom(1, name);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.normal(i);
        }
        return numbers;
    }
}
