package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
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

    protected abstract DecoderFamily<S> decoder();

    protected abstract S settings();

    private int[] decoded(LanguageSession session, int count, long seed, int... prompt) {
        return decoder().create(settings()).decode(session, prompt, count, new CounterRandom(seed, "decoder"));
    }

    @Test
    void settingsAreARecordOfTheDecoder() {
        assertTrue(decoder().settings().isInstance(settings()));
    }

    @Test
    void itWritesAsManyTokensAsWantedAllOfThemInTheVocabulary() {
        for (int count : new int[] {0, 1, 50}) {
            int[] tokens = decoded(Toys.session(VOCAB), count, 1, 4, 2);
            assertEquals(count, tokens.length);
            for (int token : tokens) {
                assertTrue(token >= 0 && token < VOCAB, "token " + token);
            }
        }
    }

    @Test
    void theSameSeedWritesTheSame() {
        assertArrayEquals(decoded(Toys.session(VOCAB), 40, 2, 1), decoded(Toys.session(VOCAB), 40, 2, 1));
    }

    @Test
    void whatTheSessionReadBeforeDoesNotMatter() {
        LanguageSession used = Toys.session(VOCAB);
        decoded(used, 30, 3, 8);
        assertArrayEquals(decoded(Toys.session(VOCAB), 30, 3, 5, 6), decoded(used, 30, 3, 5, 6));
    }

    @Test
    void aLongerTextBeginsWithTheShorterOne() {
        int[] longer = decoded(Toys.session(VOCAB), 20, 4, 7);
        assertArrayEquals(Arrays.copyOf(longer, 8), decoded(Toys.session(VOCAB), 8, 4, 7));
    }

    @Test
    void itStopsWhereTheSessionDoes() {
        for (int after : new int[] {1, 2, 9}) {
            int[] read = new int[1];
            LanguageSession session = Toys.session(VOCAB);
            LanguageSession stopping = new LanguageSession() {
                @Override
                public int vocab() {
                    return session.vocab();
                }

                @Override
                public float[] extend(int token) {
                    if (++read[0] >= after) {
                        throw new Stopped();
                    }
                    return session.extend(token);
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
        assertThrows(InputError.class, () -> decoded(Toys.session(VOCAB), 5, 5));
    }
}
