package org.kolotoc.text.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerContext;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tck.TestData;
import org.kolotoc.tck.TokenizerConformance;
import org.kolotoc.text.huggingface.HuggingFaceSettings;
import org.kolotoc.text.huggingface.HuggingFaceTokenizers;

class BpeTokenizersTest extends TokenizerConformance<BpeSettings> {
    private static final String END = "<|endoftext|>";
    private static final String TEXT = RandomTexts.of(17, 300, 20).collect(Collectors.joining(" "));

    @Override
    protected TokenizerFamily<BpeSettings> family() {
        return new BpeTokenizers();
    }

    @Override
    protected BpeSettings settings() {
        return settings(300, Split.GPT2, List.of(END), false);
    }

    private static BpeSettings settings(int vocab, Split split, List<String> specials, boolean encodeSpecials) {
        return new BpeSettings(vocab, split, 2, specials, encodeSpecials);
    }

    @Test
    void theVocabularyIsBytesMergesAndSpecialTokens() {
        Tokenizer tokenizer = family().fit(settings(700, Split.CL100K, List.of(END, "<pad>"), false), Text.of(TEXT));
        assertEquals(700, tokenizer.vocab());
        assertEquals(Map.of(END, 698, "<pad>", 699), tokenizer.specials());
        assertEquals(END + "<pad>", tokenizer.decode(new int[] {698, 699}));
        assertArrayEquals(
                new int[] {'a', 0xC5, 0xBE},
                family().fit(settings(256, Split.GPT2, List.of(), false), Text.of(TEXT))
                        .encode("až"));
    }

    @Test
    void textsThatItNeverSawComeBack() {
        for (Split split : Split.values()) {
            Tokenizer tokenizer = family().fit(settings(700, split, List.of(END), true), Text.of(TEXT));
            RandomTexts.of(19, 300, 25)
                    .filter(text -> text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE))
                    .forEach(text -> assertEquals(text, tokenizer.decode(tokenizer.encode(text))));
        }
    }

    /** What is kept of pieces that were met before changes nothing, whoever met them. */
    @Test
    void tokensDependOnTheTextAlone() {
        Tokenizer used = family().fit(settings(700, Split.GPT2, List.of(), false), Text.of(TEXT));
        RandomTexts.of(23, 60, 25).forEach(text -> {
            Tokenizer fresh = family().restore(used.state());
            assertArrayEquals(fresh.encode(text), used.encode(text), text);
        });
    }

    @Test
    void aTextWithTooFewPairsIsTold() {
        List<String> told = new ArrayList<>();
        TokenizerContext context = new TokenizerContext() {
            @Override
            public Path file(String path) {
                throw new AssertionError(path);
            }

            @Override
            public Ledger ledger() {
                return (kind, field, sentence) -> told.add(kind + " " + field + " " + sentence);
            }
        };
        Tokenizer tokenizer = family().fit(settings(600, Split.GPT2, List.of(END), false), Text.of("abab"), context);
        assertEquals(258, tokenizer.vocab());
        assertEquals(1, told.size());
        assertTrue(told.getFirst().startsWith("TRUNCATED vocab of 343 pairs"), told.getFirst());
        assertTrue(told.getFirst().endsWith("there are 258 tokens"), told.getFirst());
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        assertEquals("vocab", refused(settings(256, Split.GPT2, List.of(END), false)));
        assertEquals("specials", refused(settings(300, Split.GPT2, List.of(END, END), false)));
        assertEquals("specials", refused(settings(300, Split.GPT2, List.of(""), false)));
    }

    private String refused(BpeSettings settings) {
        return assertThrows(InputError.class, () -> family().fit(settings, Text.of(TEXT)))
                .field();
    }

    @Test
    void aBrokenStateIsNamed() {
        String state = family().fit(settings(), Text.of(TEXT)).state();
        for (String broken : List.of(
                "",
                "{}",
                state.substring(0, 50),
                state.replaceFirst("\\[\\d+,", "[256,"),
                state.replace("gpt2", "gpt7"))) {
            InputError error = assertThrows(InputError.class, () -> family().restore(broken), broken);
            assertTrue(error.getMessage().contains("the tokenizer's state"), error.getMessage());
        }
    }

    /** The text of the lecture has 144 tokens of GPT-3, whose 50,257 were learned of English. */
    @Test
    void twoThousandMergesOfCzechMakeCzechShort() throws IOException {
        String text = Files.readString(TestData.file("czech/capek_povidky_z_jedne_kapsy.txt"))
                + Files.readString(TestData.file("czech/bible_kralicka_genesis.txt"));
        Tokenizer tokenizer = family().fit(settings(256 + 2000, Split.GPT2, List.of(), false), Text.of(text));
        int[] tokens = tokenizer.encode(TiktokenTokenizersTest.LECTURE);
        assertEquals(TiktokenTokenizersTest.LECTURE, tokenizer.decode(tokens));
        assertTrue(tokens.length <= 115, tokens.length + " tokens");
    }

    /** What is written for another library has the same tokens of every text. */
    @Test
    void aTokenizerFileOfItIsReadToTheSame(@TempDir Path folder) throws IOException {
        BpeTokenizers family = new BpeTokenizers();
        for (Split split : Split.values()) {
            Tokenizer learned = family.fit(settings(700, split, List.of(END, "<pad>"), false), Text.of(TEXT));
            Map<String, byte[]> files = family.write(learned.state());
            assertEquals(Set.of("tokenizer.json", "tokenizer_config.json"), files.keySet());
            Path file = Files.write(folder.resolve(split + ".json"), files.get("tokenizer.json"));
            Tokenizer read = new HuggingFaceTokenizers()
                    .fit(new HuggingFaceSettings(file.toString(), false, false), Text.of(""));
            assertEquals(learned.vocab(), read.vocab());
            assertEquals(learned.specials(), read.specials());
            RandomTexts.of(23, 300, 25).forEach(text -> {
                assertArrayEquals(learned.encode(text), read.encode(text), text);
                assertEquals(learned.decode(learned.encode(text)), read.decode(learned.encode(text)));
            });
        }
    }
}
