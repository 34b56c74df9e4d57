package org.kolotoc.text.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.text.Text;
import org.kolotoc.tck.Toys;
import org.kolotoc.text.bpe.Vocabulary.Merge;

class TrainerTest {
    private static final String TEXT = RandomTexts.of(3, 200, 12).collect(Collectors.joining(" "));

    private static List<Merge> learn(Text text, Split split, int merges, int least) {
        return Trainer.learn(text, split, merges, least, (_, _) -> {});
    }

    /** The same by counting all pairs of all pieces anew for each merge. */
    private static List<Merge> reference(String text, int most, int least) {
        List<List<Integer>> pieces = new ArrayList<>();
        char[] units = text.toCharArray();
        for (int at = 0; at < units.length; ) {
            int end = Split.GPT2.next(units, at, units.length);
            List<Integer> piece = new ArrayList<>();
            for (byte one : text.substring(at, end).getBytes(StandardCharsets.UTF_8)) {
                piece.add(one & 0xFF);
            }
            pieces.add(piece);
            at = end;
        }
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < most) {
            // Sorted by the pair, so that of equal ones the lowest is found first.
            Map<Long, Integer> counts = new TreeMap<>();
            pieces.forEach(piece -> {
                for (int i = 0; i + 1 < piece.size(); i++) {
                    counts.merge((long) piece.get(i) << 32 | piece.get(i + 1), 1, Integer::sum);
                }
            });
            int best = counts.isEmpty() ? 0 : Collections.max(counts.values());
            if (best < least) {
                break;
            }
            long pair = counts.entrySet().stream()
                    .filter(e -> e.getValue() == best)
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            Merge merge = new Merge((int) (pair >>> 32), (int) pair, 256 + merges.size());
            merges.add(merge);
            pieces.forEach(piece -> {
                for (int i = 0; i + 1 < piece.size(); i++) {
                    if (piece.get(i) == merge.left() && piece.get(i + 1) == merge.right()) {
                        piece.set(i, merge.token());
                        piece.remove(i + 1);
                    }
                }
            });
        }
        return merges;
    }

    @Test
    void mergesAreThoseOfCountingAllAgainEachTime() {
        assertEquals(reference(TEXT, 400, 2), learn(Text.of(TEXT), Split.GPT2, 400, 2));
    }

    @Test
    void ofEquallyFrequentPairsTheLowestGoesFirst() {
        assertEquals(
                List.of(new Merge('a', 'b', 256), new Merge('c', 'd', 257), new Merge(' ', 256, 258)),
                learn(Text.of("cd cd ab ab cdab"), Split.GPT2, 3, 2));
    }

    @Test
    void pairsThatOccurTooSeldomAreNotLearned() {
        assertEquals(List.of(new Merge('a', 'b', 256)), learn(Text.of("ab ab cd"), Split.GPT2, 10, 2));
        assertEquals(reference("ab ab cd", 10, 1), learn(Text.of("ab ab cd"), Split.GPT2, 10, 1));
    }

    @Test
    void overlappingPairsMergeFromTheLeft() {
        String text = "aaaaaaa aaa aa";
        assertEquals(reference(text, 10, 1), learn(Text.of(text), Split.GPT2, 10, 1));
    }

    @Test
    void eachMergeIsTold() {
        List<Long> told = new ArrayList<>();
        Trainer.learn(Text.of(TEXT), Split.GPT2, 5, 2, (done, all) -> told.add(10 * all + done));
        assertEquals(List.of(51L, 52L, 53L, 54L, 55L), told);
    }

    @Test
    void aTextInPartsGivesTheSameMerges() {
        List<Merge> whole = learn(Text.of(TEXT), Split.O200K, 200, 2);
        for (int units : new int[] {1, 5, 64}) {
            assertEquals(whole, learn(Toys.inParts(TEXT, units), Split.O200K, 200, 2), "parts of " + units);
        }
    }
}
