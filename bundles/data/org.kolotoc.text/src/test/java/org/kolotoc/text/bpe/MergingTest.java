package org.kolotoc.text.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergingTest {
    private static final int TOKENS = 40;

    private static Pairs pairs(Random random) {
        Pairs pairs = new Pairs(4);
        for (int rank = 0; rank < 200; rank++) {
            pairs.add(random.nextInt(TOKENS), random.nextInt(TOKENS), rank, random.nextInt(TOKENS));
        }
        return pairs;
    }

    /** The definition: the pair of the lowest rank, of equal ones the leftmost, until there is none. */
    private static int[] reference(Pairs pairs, int[] tokens) {
        List<Integer> left = new ArrayList<>(Arrays.stream(tokens).boxed().toList());
        while (true) {
            int best = -1;
            int rank = Pairs.NEVER;
            for (int i = 0; i + 1 < left.size(); i++) {
                int found = pairs.rank(left.get(i), left.get(i + 1));
                if (found < rank) {
                    rank = found;
                    best = i;
                }
            }
            if (best < 0) {
                return left.stream().mapToInt(Integer::intValue).toArray();
            }
            left.set(best, pairs.merged(left.get(best), left.get(best + 1)));
            left.remove(best + 1);
        }
    }

    /** On both sides of the length from which on a heap is used. */
    @Test
    void piecesOfAnyLengthMergeByTheDefinition() {
        Random random = new Random(5);
        for (int i = 0; i < 400; i++) {
            Pairs pairs = pairs(random);
            int[] tokens = random.ints(
                            i % 3 == 0 ? Merging.LONG + i : i % (Merging.LONG + 2), 0, 1 + random.nextInt(TOKENS))
                    .toArray();
            int[] merged = tokens.clone();
            int count = new Merging(pairs).merge(merged, merged.length);
            assertArrayEquals(reference(pairs, tokens), Arrays.copyOf(merged, count), "case " + i);
        }
    }
}
