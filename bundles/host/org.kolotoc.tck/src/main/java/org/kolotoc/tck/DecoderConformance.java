package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.text.Decoder.Prompt;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.CounterRandom;

/**
 * What every decoder must do.
 *
 * @param <S> the settings record
 */
public abstract class DecoderConformance<S extends Record> {
    private static final int VOCAB = 9;
    private static final IntPredicate NEVER = _ -> false;

    protected abstract DecoderFamily<S> decoder();

    protected abstract S settings();

    /**
     * Whether a token stays once it is written; false for a decoder that chooses among whole texts. Then a longer text need not
     * begin with the shorter one.
     */
    protected boolean neverLooksBack() {
        return true;
    }

    private LanguageSession session() {
        return session(prompt(0, 1));
    }

    /** With the rows that it wants, and some to spare. */
    private LanguageSession session(Prompt... prompts) {
        return Toys.session(decoder().create(settings()).rows(List.of(prompts)), VOCAB);
    }

    private static Prompt prompt(long seed, int... tokens) {
        return new Prompt(tokens, new CounterRandom(seed, "decoder"));
    }

    private int[][] decoded(LanguageSession session, int count, IntPredicate ends, Prompt... prompts) {
        return decoder().create(settings()).decode(session, List.of(prompts), count, ends);
    }

    private int[] decoded(LanguageSession session, int count, long seed, int... prompt) {
        int[][] all = decoded(session, count, NEVER, prompt(seed, prompt));
        assertEquals(1, all.length, "texts of one prompt");
        return all[0];
    }

    @Test
    void settingsAreARecordOfTheDecoder() {
        assertTrue(decoder().settings().isInstance(settings()));
    }

    @Test
    void itWritesAsManyTokensAsWantedAllOfThemInTheVocabulary() {
        for (int count : new int[] {0, 1, 50}) {
            int[] tokens = decoded(session(), count, 1, 4, 2);
            assertEquals(count, tokens.length);
            for (int token : tokens) {
                assertTrue(token >= 0 && token < VOCAB, "token " + token);
            }
        }
    }

    /** However few are left: numbers that a vocabulary leaves out have a logit of negative infinity. */
    @Test
    void whatIsImpossibleIsNeverWritten() {
        for (int possible = 1; possible < VOCAB; possible++) {
            int first = VOCAB - possible;
            for (int seed = 0; seed < 20; seed++) {
                CounterRandom random = new CounterRandom(seed, "decoder");
                int[] begins = {VOCAB - 1};
                Prompt[] prompts = {new Prompt(begins, random, 0), new Prompt(begins, random, 1)};
                int rows = decoder().create(settings()).rows(List.of(prompts));
                LanguageSession session = Toys.session(rows, VOCAB, token -> token < first);
                for (int[] text : decoded(session, 12, NEVER, prompts)) {
                    assertEquals(12, text.length);
                    for (int token : text) {
                        assertTrue(token >= first, "token " + token + ", which has a probability of 0");
                    }
                }
            }
        }
    }

    @Test
    void theSameSeedWritesTheSame() {
        assertArrayEquals(decoded(session(), 40, 2, 1), decoded(session(), 40, 2, 1));
    }

    /** Nothing is written behind what ends a text, and what ends it is the last of it. */
    @Test
    void nothingIsWrittenBehindTheEnd() {
        Prompt[] prompts = {prompt(1, 3), prompt(2, 1, 4, 1, 5), prompt(3, 2)};
        for (int end = 0; end < VOCAB; end++) {
            int last = end;
            for (int[] text : decoded(session(prompts), 12, token -> token == last, prompts)) {
                for (int i = 0; i + 1 < text.length; i++) {
                    assertTrue(text[i] != end, "token " + end + " in the middle of a text");
                }
                assertTrue(text.length == 12 || text[text.length - 1] == end, "it ended without its end");
            }
        }
    }

    /** Prompts of different lengths, in a session that has rows to spare. */
    @Test
    void aTextIsTheSameWhateverIsWrittenBesideIt() {
        Prompt[] prompts = {prompt(1, 3), prompt(2, 1, 4, 1, 5), prompt(3, 3), prompt(4, 8, 0)};
        int rows = decoder().create(settings()).rows(List.of(prompts));
        int[][] together = decoded(Toys.session(rows + 2, VOCAB), 30, NEVER, prompts);
        assertEquals(prompts.length, together.length, "texts of all prompts");
        for (int i = 0; i < prompts.length; i++) {
            assertArrayEquals(decoded(session(), 30, NEVER, prompts[i])[0], together[i], "prompt " + i);
        }
    }

    @Test
    void aTextEndsWithWhatEndsIt() {
        assumeTrue(neverLooksBack(), "texts are chosen as a whole");
        Prompt[] prompts = {prompt(1, 3), prompt(2, 1, 4, 1, 5), prompt(3, 2)};
        int[][] whole = decoded(session(prompts), 30, NEVER, prompts);
        int end = whole[1][4];
        List<int[]> ended = new ArrayList<>();
        for (int[] tokens : whole) {
            int length = 0;
            while (length < tokens.length && (length == 0 || tokens[length - 1] != end)) {
                length++;
            }
            ended.add(Arrays.copyOf(tokens, length));
        }
        int[][] found = decoded(session(prompts), 30, token -> token == end, prompts);
        for (int i = 0; i < prompts.length; i++) {
            assertArrayEquals(ended.get(i), found[i], "prompt " + i);
        }
    }

    @Test
    void whatTheSessionReadBeforeDoesNotMatter() {
        LanguageSession used = session();
        decoded(used, 30, 3, 8);
        assertArrayEquals(decoded(session(), 30, 3, 5, 6), decoded(used, 30, 3, 5, 6));
    }

    @Test
    void aLongerTextBeginsWithTheShorterOne() {
        assumeTrue(neverLooksBack(), "texts are chosen as a whole");
        int[] longer = decoded(session(), 20, 4, 7);
        assertArrayEquals(Arrays.copyOf(longer, 8), decoded(session(), 8, 4, 7));
    }

    @Test
    void itStopsWhereTheSessionDoes() {
        for (int after : new int[] {1, 2, 9}) {
            int[] read = new int[1];
            LanguageSession session = session();
            LanguageSession stopping = new LanguageSession() {
                @Override
                public int rows() {
                    return session.rows();
                }

                @Override
                public int vocab() {
                    return session.vocab();
                }

                @Override
                public float[][] prefill(int[][] tokens) {
                    if (++read[0] >= after) {
                        throw new Stopped();
                    }
                    return session.prefill(tokens);
                }

                @Override
                public void reorder(int... from) {
                    session.reorder(from);
                }

                @Override
                public void reset() {
                    session.reset();
                }

                @Override
                public void close() {
                    session.close();
                }
            };
            assertThrows(Stopped.class, () -> decoded(stopping, 30, 6, 1, 2));
            assertEquals(after, read[0]);
        }
    }

    @Test
    void anEmptyPromptIsRefused() {
        assertThrows(InputError.class, () -> decoded(session(), 5, 5));
    }
}
