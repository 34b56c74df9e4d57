package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;

/**
 * What every tokenizer family must do.
 *
 * @param <S> the settings record
 */
public abstract class TokenizerConformance<S extends Record> {
    private static final String TEXT =
            "Příliš žluťoučký kůň\núpěl ďábelské ódy. The quick brown fox! \uD83D\uDE00\t1234567890\r\n";

    protected abstract TokenizerFamily<S> family();

    protected abstract S settings();

    /** What it learns from; the texts that are encoded are stretches of it. */
    protected String trainingText() {
        return TEXT.repeat(3);
    }

    private Tokenizer tokenizer() {
        return family().fit(settings(), Text.of(trainingText()));
    }

    /** Stretches of the training text that break no character. */
    private List<String> texts() {
        int[] characters = trainingText().codePoints().toArray();
        return IntStream.range(0, 60)
                .mapToObj(i -> {
                    int from = i * 7 % characters.length;
                    return new String(characters, from, Math.min(i, characters.length - from));
                })
                .toList();
    }

    @Test
    void settingsAreARecordOfTheFamily() {
        assertTrue(family().settings().isInstance(settings()));
    }

    @Test
    void decodingGivesTheTextBack() {
        Tokenizer tokenizer = tokenizer();
        for (String text : texts()) {
            assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
        }
    }

    @Test
    void tokensAreBelowTheVocabulary() {
        Tokenizer tokenizer = tokenizer();
        assertTrue(tokenizer.vocab() > 0);
        for (int token : tokenizer.encode(trainingText())) {
            assertTrue(token >= 0 && token < tokenizer.vocab(), "token " + token + " of " + tokenizer.vocab());
        }
    }

    @Test
    void theSameTextGivesTheSameTokenizer() {
        assertArrayEquals(tokenizer().encode(trainingText()), tokenizer().encode(trainingText()));
        assertEquals(tokenizer().state(), tokenizer().state());
    }

    @Test
    void aRestoredTokenizerIsTheSame() {
        Tokenizer tokenizer = tokenizer();
        Tokenizer restored = family().restore(tokenizer.state());
        assertEquals(tokenizer.vocab(), restored.vocab());
        assertEquals(tokenizer.state(), restored.state());
        for (String text : texts()) {
            assertArrayEquals(tokenizer.encode(text), restored.encode(text));
        }
    }

    @Test
    void aTextInPartsFitsTheSameTokenizer() {
        for (int units : new int[] {1, 2, 7, 1000}) {
            assertEquals(
                    tokenizer().state(),
                    family().fit(settings(), Toys.inParts(trainingText(), units))
                            .state());
        }
    }

    @Test
    void aTextInPartsHasTheSameTokens() {
        Tokenizer tokenizer = tokenizer();
        int[] expected = tokenizer.encode(trainingText());
        for (int units : new int[] {1, 2, 7, 1000}) {
            IntStream.Builder tokens = IntStream.builder();
            tokenizer.encode(
                    Toys.inParts(trainingText(), units),
                    part -> IntStream.of(part).forEach(tokens::add));
            assertArrayEquals(expected, tokens.build().toArray(), () -> "parts of " + units);
        }
    }

    /** Whatever follows. */
    @Test
    void whereATextMayBeCutItsTokensAreThoseOfItsTwoParts() {
        Tokenizer tokenizer = tokenizer();
        String text = trainingText();
        int[] whole = tokenizer.encode(text);
        for (int end = 0; end <= text.length(); end++) {
            if (end > 0 && end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                continue;
            }
            int cut = tokenizer.cut(text.substring(0, end));
            assertTrue(cut >= 0 && cut <= end, "cut " + cut + " of " + end);
            int[] first = tokenizer.encode(text.substring(0, cut));
            int[] rest = tokenizer.encode(text.substring(cut));
            assertArrayEquals(
                    whole,
                    IntStream.concat(IntStream.of(first), IntStream.of(rest)).toArray(),
                    "cut at " + cut);
        }
    }

    /** Numbers that are no token stand for no text, and in none. */
    @Test
    void gapsAreNoTokens() {
        Tokenizer tokenizer = tokenizer();
        List<Integer> tokens =
                IntStream.of(tokenizer.encode(trainingText())).boxed().toList();
        for (int gap : tokenizer.gaps()) {
            assertTrue(gap >= 0 && gap < tokenizer.vocab(), "gap " + gap + " of " + tokenizer.vocab());
            assertFalse(tokens.contains(gap) || tokenizer.specials().containsValue(gap), "gap " + gap + " is a token");
            assertEquals("", tokenizer.decode(new int[] {gap}));
        }
        assertArrayEquals(tokenizer.gaps(), family().restore(tokenizer.state()).gaps());
    }

    /** Each has a token of its own, and the same after it was restored. */
    @Test
    void specialTokensAreTokens() {
        Tokenizer tokenizer = tokenizer();
        Map<String, Integer> specials = tokenizer.specials();
        specials.forEach((name, token) -> assertTrue(
                token >= 0 && token < tokenizer.vocab(), name + " is " + token + " of " + tokenizer.vocab()));
        assertEquals(specials.size(), specials.values().stream().distinct().count(), specials::toString);
        assertEquals(specials, family().restore(tokenizer.state()).specials());
    }

    @Test
    void nothingIsNothing() {
        assertEquals(0, tokenizer().encode("").length);
        assertEquals("", tokenizer().decode(new int[0]));
    }
}
