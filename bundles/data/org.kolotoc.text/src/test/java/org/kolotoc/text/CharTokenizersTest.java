package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tck.TokenizerConformance;
import org.kolotoc.tck.Toys;

class CharTokenizersTest extends TokenizerConformance<CharSettings> {
    @Override
    protected TokenizerFamily<CharSettings> family() {
        return new CharTokenizers();
    }

    @Override
    protected CharSettings settings() {
        return new CharSettings(List.of());
    }

    @Test
    void theVocabularyIsSorted() {
        Tokenizer tokenizer = family().fit(settings(), Text.of("banana\uD83D\uDE00"));
        assertEquals(4, tokenizer.vocab());
        assertEquals("abn\uD83D\uDE00", tokenizer.state());
        assertArrayEquals(new int[] {1, 0, 2, 0, 2, 0, 3}, tokenizer.encode("banana\uD83D\uDE00"));
    }

    @Test
    void specialTokensComeBehindTheCharacters() {
        Tokenizer made = family().fit(new CharSettings(List.of("<mask>", "{\"")), Text.of("{\"ab"));
        for (Tokenizer tokenizer : List.of(made, family().restore(made.state()))) {
            assertEquals(Map.of("<mask>", 4, "{\"", 5), tokenizer.specials());
            assertEquals(6, tokenizer.vocab());
            assertEquals("a<mask>b", tokenizer.decode(new int[] {1, 4, 2}));
            assertArrayEquals(new int[] {3, 0}, tokenizer.encode("{\""), "a name in a text is plain text");
        }
        assertEquals(
                "specials",
                assertThrows(InputError.class, () -> family().fit(new CharSettings(List.of("a", "a")), Text.of("a")))
                        .field());
    }

    @Test
    void aCharacterOutsideTheVocabularyIsNamedWithItsPlace() {
        Tokenizer tokenizer = family().fit(settings(), Text.of("ab\n"));
        InputError error = assertThrows(InputError.class, () -> tokenizer.encode("ab\nba\u017Ea"));
        for (String part : new String[] {"'\u017E'", "U+017E", "offset 5", "line 2, column 3", "3 characters: \\nab"}) {
            assertTrue(error.getMessage().contains(part), () -> part + " is not in: " + error.getMessage());
        }
        assertTrue(error.next().contains("byte"), error.next());
    }

    /** However a text is cut, a place is one of the whole. */
    @Test
    void thePlaceIsThatInTheWholeText() {
        Tokenizer tokenizer = family().fit(settings(), Text.of("ab\n\uD83D\uDE00"));
        String text = "ab\n\nb\uD83D\uDE00a\u017Ea";
        for (int units : new int[] {1, 2, 3, 4, 5, 100}) {
            InputError error = assertThrows(
                    InputError.class, () -> tokenizer.encode(Toys.inParts(text, units), _ -> {}), "parts of " + units);
            assertTrue(error.getMessage().contains("offset 7, line 3, column 4"), error.getMessage());
        }
    }

    @Test
    void theFirstCharacterMayBeTheWrongOne() {
        Tokenizer tokenizer = family().fit(settings(), Text.of("ab"));
        InputError error = assertThrows(InputError.class, () -> tokenizer.encode("\n"));
        assertTrue(error.getMessage().contains("'\\n' (U+000A) at offset 0, line 1, column 1"), error.getMessage());
    }

    @Test
    void nothingCanBeLearnedFromNothing() {
        assertThrows(InputError.class, () -> family().fit(settings(), Text.of("")));
    }
}
