package org.kolotoc.text.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tck.TestData;
import org.kolotoc.tck.TokenizerConformance;

class Gpt2TokenizersTest extends TokenizerConformance<Gpt2Settings> {
    @TempDir
    Path folder;

    @Override
    protected TokenizerFamily<Gpt2Settings> family() {
        return new Gpt2Tokenizers();
    }

    @Override
    protected Gpt2Settings settings() {
        return settings(
                SmallFiles.vocab().toString(), "#version: 0.2\n" + String.join("\n", SmallFiles.merges()) + "\n");
    }

    private Gpt2Settings settings(String vocab, String merges) {
        try {
            return new Gpt2Settings(
                    Files.writeString(folder.resolve("vocab.json"), vocab).toString(),
                    Files.writeString(folder.resolve("merges.txt"), merges).toString(),
                    false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Recorded texts and tokens of GPT-2, and a whole play. */
    @Test
    void textsHaveTheTokensOfGpt2() throws IOException {
        Tokenizer tokenizer = family().fit(
                        new Gpt2Settings(
                                TestData.file("tokenizer/gpt2/encoder.json").toString(),
                                TestData.file("tokenizer/gpt2/vocab.bpe").toString(),
                                false),
                        Text.of(""));
        assertEquals(50_257, tokenizer.vocab());
        assertEquals(Map.of("<|endoftext|>", 50_256), tokenizer.specials());
        List<String> cases = Files.readAllLines(TestData.file("tokenizer/gpt2/cases.jsonl"));
        assertTrue(!cases.isEmpty());
        for (String line : cases) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            String text = json.get("text").getAsString();
            assertArrayEquals(GoldenFile.integers(json.get("ids")), tokenizer.encode(text), text);
            assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
        }
        String play = Files.readString(TestData.file("text/tinyshakespeare.txt"));
        assertEquals(338_025, tokenizer.encode(play).length);
    }

    @Test
    void whatNoPairGivesIsSpecial() {
        assertEquals(
                Map.of("<|endoftext|>", SmallFiles.size()),
                family().fit(settings(), Text.of("")).specials());
    }

    @Test
    void wrongFilesAreNamedWithTheirPlace() {
        assertWrong("{\"a\": 0,\n \"b\" 1}", "", "vocab.json is no JSON", "line 2, column");
        assertWrong("{\"a\": 0, \"b\": \"x\"}", "", "vocab.json: $.b is \"x\"", "whole number");
        assertWrong("{\"a\": 0, \"b\": 0}", "", "vocab.json: $ gives \"b\" the number 0, which \"a\" has");
        Gpt2Settings nope = settings("{\"a\": nope}", "");
        InputError error = assertThrows(InputError.class, () -> family().fit(nope, Text.of("")));
        assertFalse(
                error.getMessage().contains("JsonReader"), "what a parser tells its callers: " + error.getMessage());
        assertWrong("{\"a\": 0} 7", "", "vocab.json is no JSON", "more after its end");
        assertWrong("[1]", "", "vocab.json: $ is [1]; expected an object");
        assertWrong("{\"a\": 0, \"b\": 1}", "a b\n", "merges.txt, line 1: needs the token \"ab\"");
        assertWrong(
                "{\"a\": 0, \"b\": 1}", "#version: 0.2\n\nab\n", "merges.txt, line 3: is \"ab\"; expected two tokens");
        assertWrong(
                "{\"a\": 0, \"b\": 1}",
                "a b\nab\n",
                "merges.txt: 2 faults:",
                "merges.txt, line 1: needs the token \"ab\"",
                "merges.txt, line 2: is \"ab\"");
        assertWrong("{\"a\": 0, \"b\": 0, \"c\": -1}", "", "vocab.json: 2 faults:", "$ gives \"b\"", "$.c is -1");
        assertWrong(
                "{\"a\": 0, \"b\": 0, \"ab\": -1}",
                "a b\na c\n",
                "vocab.json: 3 faults:",
                "$ gives \"b\"",
                "$.ab is -1",
                "merges.txt, line 2: needs the token \"c\"");
    }

    @Test
    void numbersThatNoTokenHasAreGaps() {
        for (boolean encodeSpecials : new boolean[] {false, true}) {
            Gpt2Settings files = settings("{\"a\": 1, \"b\": 4, \"ab\": 2}", "a b\n");
            Tokenizer tokenizer =
                    family().fit(new Gpt2Settings(files.vocab(), files.merges(), encodeSpecials), Text.of(""));
            assertEquals(5, tokenizer.vocab());
            assertArrayEquals(new int[] {0, 3}, tokenizer.gaps());
        }
    }

    private void assertWrong(String vocab, String merges, String... parts) {
        Gpt2Settings settings = settings(vocab, merges);
        InputError error = assertThrows(InputError.class, () -> family().fit(settings, Text.of("")));
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), () -> part + " is not in: " + error.getMessage());
        }
    }

    @Test
    void aByteThatAVocabularyLacksIsNamed() {
        Tokenizer tokenizer = family().fit(settings("{\"a\": 0, \"b\": 1, \"ab\": 2}", "a b\n"), Text.of(""));
        assertArrayEquals(new int[] {2, 0}, tokenizer.encode("aba"));
        InputError error = assertThrows(InputError.class, () -> tokenizer.encode("ab c"));
        assertTrue(error.getMessage().contains("0x20 of \" c\" at offset 2"), error.getMessage());
    }
}
