package org.kolotoc.phase.pretrain.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;

class SpansTest {
    private static final int TIME = 64;
    private static final int PLAIN = 50;
    private static final int SENTINELS = 8;
    private static final int END = PLAIN + SENTINELS;

    private static Tokenizer tokenizer(int sentinels) {
        return Rows.tokenizer(
                PLAIN,
                IntStream.rangeClosed(0, sentinels)
                        .mapToObj(i -> i < sentinels ? "<extra_id_" + i + ">" : "</s>")
                        .toArray(String[]::new));
    }

    private static Corruption corruption(int sentinels, int limit) {
        return new Spans(new SpanSettings(0.15, 3, "<extra_id_", ""))
                .corruption(Rows.model("from", TIME, "time", limit), tokenizer(sentinels), TIME);
    }

    /** Raffel et al.: 15 % of the tokens in spans of 3; what is read and what is written are together the text. */
    @Test
    void sharesAndSpansAreThoseOfThePaperAndNothingIsLost() {
        Corruption corruption = corruption(SENTINELS, TIME);
        double gone = 0;
        double spans = 0;
        int rows = 2000;
        for (int number = 0; number < rows; number++) {
            int[] text = Rows.text(number, TIME, PLAIN);
            Rows row = Rows.of(corruption, text, TIME, Rows.draws(number));
            List<Integer> source = new ArrayList<>(row.present("source", "present"));
            List<Integer> targets = row.present("targets", "weights");
            assertEquals(END, source.removeLast());
            assertEquals(END, targets.getLast());
            List<Integer> together = new ArrayList<>();
            int sentinel = 0;
            for (int token : source) {
                if (token < PLAIN) {
                    together.add(token);
                    continue;
                }
                assertEquals(PLAIN + sentinel++, token, "sentinels come in their order");
                int at = targets.indexOf(token) + 1;
                int before = at;
                for (; targets.get(at) < PLAIN; at++) {
                    together.add(targets.get(at));
                }
                assertTrue(at > before, "no span is empty");
                gone += at - before;
                spans++;
            }
            assertEquals(
                    PLAIN + sentinel,
                    targets.get(targets.size() - 2),
                    "one more sentinel follows, then nothing but the end");
            assertEquals(IntStream.of(text).boxed().toList(), together);
            assertEquals(0, row.ints("target")[0], "begins with the model's start");
            for (int i = 1; i < targets.size(); i++) {
                assertEquals(targets.get(i - 1), row.ints("target")[i]);
            }
        }
        assertEquals(0.15, gone / rows / TIME, 0.005);
        assertEquals(3, gone / spans, 0.1);
    }

    @Test
    void shortRowsAreTakenApartToo() {
        for (int length = 0; length < 12; length++) {
            for (int number = 0; number < 50; number++) {
                Rows row = Rows.of(
                        corruption(SENTINELS, TIME), Rows.text(number, TIME, PLAIN), length, Rows.draws(number));
                assertEquals(length < 2, row.present("source", "present").isEmpty());
            }
        }
    }

    @Test
    void tooFewSentinelsAndTooLittleRoomAreRefused() {
        assertEquals(
                "objective.sentinel",
                assertThrows(InputError.class, () -> corruption(4, TIME)).field());
        assertEquals(
                "objective.share",
                assertThrows(InputError.class, () -> corruption(SENTINELS, 15)).field());
        // 10 tokens in 4 spans, the sentinels of these and one more, the end.
        assertEquals(16, corruption(5, 16).extents().get("time"));
    }

    /** Spans of one token each make what is read no shorter, and it has an end: one token fewer is taken. */
    @Test
    void whatIsReadFitsTheModel() {
        Objective objective = new Spans(new SpanSettings(0.15, 1, "<extra_id_", ""));
        int longest = objective.longest(Rows.model("from", TIME, "time", TIME));
        Corruption corruption = objective.corruption(Rows.model("from", TIME, "time", TIME), tokenizer(TIME), longest);
        assertEquals(TIME, corruption.extents().get("from"));
        for (int length = 2; length <= longest; length++) {
            for (int number = 0; number < 20; number++) {
                Rows row = Rows.of(corruption, Rows.text(number, TIME, PLAIN), length, Rows.draws(number));
                assertTrue(row.present("source", "present").size() <= length + 1);
            }
        }
    }
}
