package org.kolotoc.phase.pretrain.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;

class InfillTest {
    private static final int TIME = 64;
    private static final int PLAIN = 20;
    private static final int MASK = PLAIN;
    private static final int END = PLAIN + 1;

    private static Corruption corruption(double share, String sentence) {
        return corruption(share, 0, sentence);
    }

    private static Corruption corruption(double share, double delete, String sentence) {
        return new Infill(new InfillSettings(share, 3, delete, sentence, "", ""))
                .corruption(Rows.model("from", TIME, "time", TIME + 1), Rows.tokenizer(PLAIN, "<mask>", "</s>"), TIME);
    }

    /** Lewis et al.: masks stand for 30 % of the tokens, in spans of 3 in the mean; the whole text is written. */
    @Test
    void sharesAndSpansAreThoseOfThePaper() {
        double gone = 0;
        double masks = 0;
        int rows = 2000;
        for (int number = 0; number < rows; number++) {
            int[] text = Rows.text(number, TIME, PLAIN);
            Rows row = Rows.of(corruption(0.3, ""), text, TIME, Rows.draws(number));
            List<Integer> written = row.present("targets", "weights");
            assertEquals(IntStream.of(text).boxed().toList(), written.subList(0, TIME));
            assertEquals(END, written.get(TIME));
            List<Integer> source = row.present("source", "present");
            int at = 0;
            for (int token : source) {
                if (token == MASK) {
                    masks++;
                    continue;
                }
                // What is left comes in the order of the text.
                while (text[at] != token) {
                    at++;
                }
                at++;
                gone--;
            }
            gone += TIME;
        }
        assertEquals(0.3, gone / rows / TIME, 0.005);
        // The last span of a row is cut where the share is reached.
        assertEquals(3, gone / masks, 0.35);
    }

    @Test
    void sentencesChangePlacesAndStayWhole() {
        int[] text = "abcsdefsghisjk".chars().map(each -> each - 'a').toArray();
        int moved = 0;
        for (int number = 0; number < 50; number++) {
            Rows row = Rows.of(corruption(0.001, "s"), text, text.length, Rows.draws(number));
            List<Integer> source = row.present("source", "present");
            assertTrue(source.size() <= text.length);
            int left = source.indexOf(18);
            moved += !source.isEmpty() && source.getFirst() != 0 && source.getFirst() != MASK ? 1 : 0;
            assertNotEquals(-1, left);
            assertEquals(
                    IntStream.of(text).boxed().toList(),
                    row.present("targets", "weights").subList(0, text.length));
        }
        assertTrue(moved > 20, moved + " of 50 begin with another sentence");
        assertEquals(
                "objective.sentence",
                assertThrows(InputError.class, () -> corruption(0.3, "xy")).field());
    }

    /** What is deleted leaves no mask; the whole text is written all the same. */
    @Test
    void deletedTokensLeaveNothing() {
        double left = 0;
        int rows = 2000;
        for (int number = 0; number < rows; number++) {
            int[] text = Rows.text(number, TIME, PLAIN);
            Rows row = Rows.of(corruption(0.001, 0.25, ""), text, TIME, Rows.draws(number));
            List<Integer> source = row.present("source", "present");
            int at = 0;
            for (int token : source) {
                while (token != MASK && text[at++] != token) {}
                left += token == MASK ? 0 : 1;
            }
            assertEquals(
                    IntStream.of(text).boxed().toList(),
                    row.present("targets", "weights").subList(0, TIME));
        }
        // One token of each row is behind a mask.
        assertEquals(0.75 * TIME - 1, left / rows, 0.1);
    }

    @Test
    void shortRowsFit() {
        for (int length = 1; length < 12; length++) {
            for (int number = 0; number < 100; number++) {
                for (double delete : new double[] {0, 0.9}) {
                    int[] text = Rows.text(number, TIME, PLAIN);
                    Rows row = Rows.of(corruption(0.8, delete, "s"), text, length, Rows.draws(number));
                    int read = row.present("source", "present").size();
                    assertTrue(read >= 1 && read <= length, read + " of " + length);
                }
            }
        }
    }
}
