package org.kolotoc.phase.pretrain.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.phase.pretrain.objective.MaskedSettings.Masks;

class MaskedTest {
    private static final int TIME = 64;
    private static final int PLAIN = 50;
    private static final int MASK = PLAIN;

    private static MaskedSettings settings(Masks masks) {
        return new MaskedSettings(0.15, 0.8, 0.1, "", masks, true);
    }

    private static Corruption corruption(Masks masks) {
        return new Masked(settings(masks))
                .corruption(Rows.model("time", TIME, "other", 1), Rows.tokenizer(PLAIN, "<mask>"), TIME);
    }

    private static Rows row(Corruption corruption, int text, long number) {
        return Rows.of(corruption, Rows.text(text, TIME, PLAIN), TIME, Rows.draws(number));
    }

    /** Devlin et al.: 15 % of the tokens; of these 80 % by the mask, 10 % by any, 10 % as they are. */
    @Test
    void sharesAreThoseOfThePaper() {
        Corruption corruption = corruption(Masks.DYNAMIC);
        double chosen = 0;
        double masked = 0;
        double same = 0;
        int rows = 2000;
        for (int number = 0; number < rows; number++) {
            int[] text = Rows.text(number, TIME, PLAIN);
            Rows row = Rows.of(corruption, text, TIME, Rows.draws(number));
            for (int i = 0; i < TIME; i++) {
                int shown = row.ints("tokens")[i];
                if (row.floats("weights")[i] == 0) {
                    assertEquals(text[i], shown, "what does not count is there");
                    continue;
                }
                assertEquals(1, row.floats("weights")[i]);
                assertEquals(text[i], row.ints("targets")[i]);
                chosen++;
                masked += shown == MASK ? 1 : 0;
                same += shown == text[i] ? 1 : 0;
            }
        }
        assertEquals(0.15, chosen / rows / TIME, 0.005);
        // One of 51 tokens drawn at random is the mask, and one of 50 the token itself.
        assertEquals(0.8, masked / chosen, 0.01);
        assertEquals(0.1, same / chosen, 0.01);
    }

    /** What stands in the place of another token is a token, wherever the vocabulary has gaps. */
    @Test
    void whatIsNoTokenStandsForNone() {
        int[] gaps = {0, 7, 8, PLAIN - 1};
        Corruption corruption = new Masked(new MaskedSettings(0.5, 0, 1, "", Masks.DYNAMIC, false))
                .corruption(Rows.model("time", TIME, "other", 1), Rows.tokenizer(gaps, PLAIN, "<mask>"), TIME);
        Set<Integer> seen = new TreeSet<>();
        for (int number = 0; number < 100; number++) {
            int[] ones = new int[TIME];
            Arrays.fill(ones, 1);
            IntStream.of(Rows.of(corruption, ones, TIME, Rows.draws(number)).ints("tokens"))
                    .forEach(seen::add);
        }
        assertEquals(PLAIN + 1 - gaps.length, seen.size(), "every other token stands somewhere");
        for (int gap : gaps) {
            assertFalse(seen.contains(gap), "gap " + gap);
        }
    }

    @Test
    void dynamicMasksDifferEachTimeAndStaticOnesDoNot() {
        int[] first = row(corruption(Masks.DYNAMIC), 7, 11).ints("tokens");
        assertFalse(Arrays.equals(first, row(corruption(Masks.DYNAMIC), 7, 12).ints("tokens")));
        assertArrayEquals(first, row(corruption(Masks.DYNAMIC), 7, 11).ints("tokens"));
        float[] fixed = row(corruption(Masks.STATIC), 7, 11).floats("weights");
        assertArrayEquals(fixed, row(corruption(Masks.STATIC), 7, 12).floats("weights"));
        assertFalse(Arrays.equals(fixed, row(corruption(Masks.STATIC), 8, 11).floats("weights")));
    }

    @Test
    void whatPadsIsNotPresentAndNeverCounts() {
        Rows row = Rows.of(corruption(Masks.DYNAMIC), Rows.text(1, TIME, PLAIN), 5, Rows.draws(1));
        for (int i = 5; i < TIME; i++) {
            assertEquals(0, row.ints("present")[i]);
            assertEquals(0, row.floats("weights")[i]);
            assertEquals(0, row.ints("tokens")[i]);
        }
        assertEquals(1, row.ints("present")[4]);
        Rows none = Rows.of(corruption(Masks.DYNAMIC), new int[TIME], 0, Rows.draws(1));
        assertArrayEquals(new float[TIME], none.floats("weights"));
    }

    /** Of the same row the same token, with what is to its right and without. */
    @Test
    void theRightIsHiddenOfTheSameToken() {
        Objective objective = new Masked(settings(Masks.DYNAMIC));
        Map<String, Corruption> shown = objective.shown(corruption(Masks.DYNAMIC));
        Rows seen = row(shown.get("accuracy/right-seen"), 3, 4);
        Rows hidden = row(shown.get("accuracy/right-hidden"), 3, 4);
        assertArrayEquals(seen.floats("weights"), hidden.floats("weights"));
        assertArrayEquals(row(corruption(Masks.DYNAMIC), 3, 4).ints("tokens"), hidden.ints("tokens"));
        int at = 0;
        while (hidden.floats("weights")[at] == 0) {
            at++;
        }
        for (int i = 0; i < TIME; i++) {
            assertEquals(1, seen.ints("present")[i]);
            assertEquals(i <= at ? 1 : 0, hidden.ints("present")[i]);
            assertEquals(i == at ? 1 : 0, hidden.floats("weights")[i]);
        }
        assertEquals(
                Map.of("accuracy/right-gain", 0.25),
                objective.concluded(Map.of("accuracy/right-seen", 0.75, "accuracy/right-hidden", 0.5)));
    }

    @Test
    void aTokenizerWithoutAMaskIsRefused() {
        Tokenizer without = Rows.tokenizer(PLAIN, "<end>");
        Objective objective = new Masked(settings(Masks.DYNAMIC));
        InputError error = assertThrows(
                InputError.class, () -> objective.corruption(Rows.model("time", TIME, "o", 1), without, TIME));
        assertEquals("objective.mask", error.field());
        assertTrue(error.getMessage().contains("[<end>]") && error.getMessage().contains("\"specials\": [\"<mask>\"]"));
        assertThrows(
                InputError.class,
                () -> new MaskedFamily().create(new MaskedSettings(0.15, 0.8, 0.3, "", Masks.STATIC, false)));
    }
}
