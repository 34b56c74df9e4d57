package org.kolotoc.phase.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Signature;
import org.kolotoc.nn.Sgd;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.Toys;

/** What data says does not count is not trained on, and what counts is a mean over the batch however it is cut. */
class WeightsTest {
    private static final int VOCAB = 4;
    private static final List<Signature.Port> FIELDS = Signature.parse(
                    "-> i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]")
            .outputs();

    /**
     * Rows {@code 0 1 0 1 ...}; after 1 comes 2, which counts, and after 0 comes 3.
     *
     * @param zero the weight of what follows 0
     */
    private record Rows(float zero, int uneven) implements Dataset {
        @Override
        public Dimensions dimensions() {
            return Dimensions.of("vocab", VOCAB);
        }

        @Override
        public List<String> splits() {
            return List.of("train");
        }

        @Override
        public List<Signature.Port> fields() {
            return FIELDS;
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            return Batches.endless(FIELDS, axes, 8, (number, out) -> {
                for (int i = 0; i < axes.get("time"); i++) {
                    out.ints("tokens")[i] = i % 2;
                    out.ints("targets")[i] = 3 - i % 2;
                    out.floats("weights")[i] = i % 2 == 0 ? zero : number % 4 < uneven ? 1 : 0;
                }
            });
        }
    }

    private static float[] trained(Dataset data, int parts, int steps) {
        try (Bench bench = Bench.of(Toys.bigram(VOCAB), data, 1).withOptimizer(new Sgd(0))) {
            bench.withSteps(1000).train(new Pretrain(), PretrainTest.settings(4, 0, parts, 1e-3), 1, 1 + steps);
            float[] table = new float[VOCAB * VOCAB];
            bench.state().buffer("model/table.weight").read(table);
            return table;
        }
    }

    @Test
    void whatDoesNotCountHasNoGradient() {
        float[] before = trained(new Rows(0, 4), 1, 0);
        for (int parts : new int[] {1, 2}) {
            float[] after = trained(new Rows(0, 4), parts, 3);
            assertEquals(
                    Arrays.toString(Arrays.copyOf(before, VOCAB)),
                    Arrays.toString(Arrays.copyOf(after, VOCAB)),
                    "after 0 nothing counts");
            assertNotEquals(before[VOCAB + 2], after[VOCAB + 2], "after 1 it does");
            assertNotEquals(before[3], trained(new Rows(1, 4), parts, 3)[3], "with a weight it would");
        }
    }

    /** One row of four counts: parts without any have no say in the mean. */
    @Test
    void partsGiveTheMeanOfWhatCountsInTheBatch() {
        float[] whole = trained(new Rows(0.25f, 1), 1, 3);
        for (int parts : new int[] {2, 4}) {
            float[] divided = trained(new Rows(0.25f, 1), parts, 3);
            for (int i = 0; i < whole.length; i++) {
                assertEquals(whole[i], divided[i], 1e-6f);
            }
        }
    }
}
