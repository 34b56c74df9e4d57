package org.kolotoc.text.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;

class NamedTokensTest {
    private static Tokenizer tokenizer(boolean encodeSpecials, String... names) {
        return new BpeTokenizers()
                .fit(new BpeSettings(256 + names.length, Split.GPT2, 2, List.of(names), encodeSpecials), Text.of(""));
    }

    @Test
    void theLeftmostNameIsTakenAndOfSeveralTheLongest() {
        Tokenizer tokenizer = tokenizer(true, "<a>", "<a><b>", ">x");
        assertArrayEquals(new int[] {'x', 257, 'y'}, tokenizer.encode("x<a><b>y"));
        assertArrayEquals(new int[] {256, 'x'}, tokenizer.encode("<a>x"));
        assertArrayEquals(new int[] {256, 256, '<', 'a'}, tokenizer.encode("<a><a><a"));
        assertArrayEquals(new int[] {258}, tokenizer.encode(">x"));
    }

    @Test
    void blanksBeforeANameMayBelongToIt() {
        Tokenizer plain = tokenizer(false, "<m>");
        Tokenizer tokenizer = new NamedTokens(plain, List.of(new NamedTokens.Named("<m>", 256, true)));
        assertArrayEquals(new int[] {'a', 256, ' ', 'b'}, tokenizer.encode("a \t<m> b"));
        assertArrayEquals(new int[] {256, 256}, tokenizer.encode("  <m> <m>"));
    }

    /** A text is never cut where a name might go on. */
    @Test
    void partsHaveTheTokensOfTheWhole() {
        Tokenizer tokenizer = tokenizer(true, "<|end|>", "a b|c", "x1");
        List<String> parts = List.of("<|", "end", "|>", "a", " b", "|c", "x", "1", " ", "b ", "<|end|>", "word ", ".");
        Random random = new Random(2);
        int cuts = 0;
        for (int i = 0; i < 3000; i++) {
            String text = random.ints(12, 0, parts.size()).mapToObj(parts::get).reduce("", String::concat);
            int cut = tokenizer.cut(text.substring(0, random.nextInt(text.length() + 1)));
            cuts += cut > 0 ? 1 : 0;
            assertArrayEquals(
                    tokenizer.encode(text),
                    IntStream.concat(
                                    IntStream.of(tokenizer.encode(text.substring(0, cut))),
                                    IntStream.of(tokenizer.encode(text.substring(cut))))
                            .toArray(),
                    text + " at " + cut);
        }
        assertTrue(cuts > 1500, cuts + " texts were cut");
    }
}
