package org.kolotoc.phase.reward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.text.Text;
import org.kolotoc.nn.statistics.Concordance;
import org.kolotoc.tck.Toys;

class BaselinesTest {
    private static final int TIME = 8;
    private static final ChatTokens TOKENS =
            new ChatTokens(new ChatTemplate("?", ":", "\n", "|"), Toys.tokenizer(Text.of("abcdefgh?:\n|")));
    private static final Programs.Size SIZE = new Programs.Size(4, 2, TIME, TOKENS.reward());

    /** Pairs, the better answer first. */
    private static Batches pairs(int count, IntFunction<List<String>> pair) {
        return Batches.passes(
                Signature.parse("-> i32 tokens[batch,answer,time]").outputs(),
                Map.of("batch", SIZE.questions(), "answer", 2, "time", TIME),
                count,
                (number, out) -> {
                    int[] rows = out.ints("tokens");
                    Arrays.fill(rows, TOKENS.pad());
                    for (int answer = 0; answer < 2; answer++) {
                        int[] row = TOKENS.encode(pair.apply((int) number).get(answer));
                        System.arraycopy(row, 0, rows, answer * TIME, row.length);
                    }
                });
    }

    private static double accuracy(Batches training, List<String> held, boolean words) {
        Baselines baselines = Baselines.of(training, SIZE, TOKENS);
        int[] rows = new int[2 * TIME];
        Arrays.fill(rows, TOKENS.pad());
        for (int answer = 0; answer < 2; answer++) {
            int[] row = TOKENS.encode(held.get(answer));
            System.arraycopy(row, 0, rows, answer * TIME, row.length);
        }
        Concordance order = new Concordance();
        order.addFalling(words ? baselines.byWords(rows, 0) : baselines.byLength(rows, 0));
        return order.accuracy();
    }

    @Test
    void lengthLearnsWhichIsBetterTheLongerOrTheShorter() {
        Batches longer = pairs(8, i -> List.of("bcd", "b"));
        Batches shorter = pairs(8, i -> List.of("b", "bcd"));
        assertEquals(1, accuracy(longer, List.of("efgh", "ef"), false));
        assertEquals(0, accuracy(shorter, List.of("efgh", "ef"), false));
        assertEquals(0.5, accuracy(longer, List.of("ef", "gh"), false), "as long");
    }

    /** A question that both have says nothing, wherever it stands. */
    @Test
    void wordsLearnWhichTokensBetterAnswersHave() {
        Batches polite = pairs(16, i -> List.of("ab".repeat(i % 3) + "c", "ab".repeat(i % 3) + "d"));
        assertEquals(1, accuracy(polite, List.of("ec", "ed"), true));
        assertEquals(0, accuracy(polite, List.of("de", "ce"), true));
        assertEquals(0.5, accuracy(polite, List.of("abe", "bae"), true), "the same tokens in another order");
    }

    /** What depends on the order of tokens they can't tell. */
    @Test
    void anOrderOfTokensIsHiddenFromBoth() {
        Batches ordered = pairs(16, i -> List.of("ab", "ba"));
        assertEquals(0.5, accuracy(ordered, List.of("ab", "ba"), true));
        assertEquals(0.5, accuracy(ordered, List.of("ab", "ba"), false));
        assertTrue(TOKENS.pad() != TOKENS.stop());
    }

    /** What both answers have as often does not count, though the better one may say it at greater length or in another place. */
    @Test
    void whatBothHaveIsNeitherGoodNorBad() {
        Batches repeated = pairs(16, i -> List.of("bccd", "bcceeee"));
        assertEquals(0.5, accuracy(repeated, List.of("cc", "b"), true), "a question says nothing");
        assertEquals(0.5, accuracy(repeated, List.of("ccc", "g"), true), "nor does it when an answer repeats it");
        assertEquals(1, accuracy(repeated, List.of("d", "g"), true));
    }

    /** Rows are filled up with a token that texts may have too. */
    @Test
    void whatFillsARowIsNoWord() {
        String filling = TOKENS.tokenizer().decode(new int[] {TOKENS.pad()});
        Batches shorter = pairs(16, i -> List.of("b", "cdefg"));
        assertEquals(0.5, accuracy(shorter, List.of(filling + "h", "hh"), true), "the token itself was never seen");
        assertEquals(0.5, accuracy(shorter, List.of("h", "hhh"), true), "nor is a row better that is filled more");
    }
}
