package org.kolotoc.text.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kolotoc.text.huggingface.TokenizerFiles.at;
import static org.kolotoc.text.huggingface.TokenizerFiles.bytePairs;
import static org.kolotoc.text.huggingface.TokenizerFiles.json;
import static org.kolotoc.text.huggingface.TokenizerFiles.llama;
import static org.kolotoc.text.huggingface.TokenizerFiles.wordPiece;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerContext;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tck.TestData;
import org.kolotoc.tck.TokenizerConformance;
import org.kolotoc.text.bpe.RandomTexts;
import org.kolotoc.text.bpe.SmallFiles;

class HuggingFaceTokenizersTest extends TokenizerConformance<HuggingFaceSettings> {
    @TempDir
    Path folder;

    @Override
    protected TokenizerFamily<HuggingFaceSettings> family() {
        return new HuggingFaceTokenizers();
    }

    @Override
    protected HuggingFaceSettings settings() {
        return TokenizerFiles.settings(folder, bytePairs(), false, false);
    }

    private Tokenizer tokenizer(JsonElement file, boolean addSpecialTokens, boolean encodeSpecials) {
        return family().fit(TokenizerFiles.settings(folder, file, addSpecialTokens, encodeSpecials), Text.of(""));
    }

    @Test
    void recordedTextsHaveTheTokensOfTheLibrary() {
        Path file = TestData.file("reference/tiny_bert/tokenizer.json");
        Tokenizer tokenizer = family().fit(new HuggingFaceSettings(file.toString(), true, false), Text.of(""));
        for (JsonElement one : GoldenFile.of("tiny_bert").json().getAsJsonArray("cases")) {
            String text = at(one, "text").getAsString();
            assertArrayEquals(GoldenFile.integers(at(one, "ids")), tokenizer.encode(text), text);
        }
    }

    /** The same vocabulary in GPT-2's own files is tested with recorded texts. */
    @Test
    void theFileOfGpt2GivesTheTokensOfItsTwoFiles() throws IOException {
        JsonObject file = bytePairs();
        file.getAsJsonObject("model")
                .add("vocab", JsonParser.parseString(Files.readString(TestData.file("tokenizer/gpt2/encoder.json"))));
        file.getAsJsonObject("model").add("merges", new JsonArray());
        at(file, "added_tokens", "0").getAsJsonObject().addProperty("id", 50_256);
        Files.readAllLines(TestData.file("tokenizer/gpt2/vocab.bpe")).stream()
                .skip(1)
                .forEach(file.getAsJsonObject("model").getAsJsonArray("merges")::add);
        Tokenizer tokenizer = tokenizer(file, false, false);
        assertEquals(50_257, tokenizer.vocab());
        for (String line : Files.readAllLines(TestData.file("tokenizer/gpt2/cases.jsonl"))) {
            JsonObject one = JsonParser.parseString(line).getAsJsonObject();
            assertArrayEquals(
                    GoldenFile.integers(one.get("ids")),
                    tokenizer.encode(one.get("text").getAsString()),
                    line);
        }
    }

    @Test
    void aTemplateIsPutAroundATextWhereAsked() {
        int end = SmallFiles.vocab().get("<|endoftext|>").getAsInt();
        Tokenizer plain = tokenizer(llama(), false, false);
        Tokenizer asked = tokenizer(llama(), true, false);
        int[] tokens = plain.encode("kůň 1234");
        assertArrayEquals(
                IntStream.concat(IntStream.of(end), IntStream.of(tokens)).toArray(), asked.encode("kůň 1234"));
        assertEquals("kůň 1234", asked.decode(asked.encode("kůň 1234")));
        assertArrayEquals(asked.encode("x"), family().restore(asked.state()).encode("x"));
    }

    @Test
    void aPieceThatIsATokenIsTakenAsItIsWhereTheFileSaysSo() {
        JsonObject file = llama();
        JsonObject model = file.getAsJsonObject("model");
        int number = model.getAsJsonObject("vocab").size();
        model.getAsJsonObject("vocab").addProperty("qqqq", number);
        assertArrayEquals(new int[] {number}, tokenizer(file, false, false).encode("qqqq"));
        model.addProperty("ignore_merges", false);
        assertEquals(4, tokenizer(file, false, false).encode("qqqq").length);
    }

    @Test
    void aTextMayGetASpaceBeforeIt() {
        JsonObject file = bytePairs();
        Tokenizer plain = tokenizer(file, false, false);
        at(file, "pre_tokenizer").getAsJsonObject().addProperty("add_prefix_space", true);
        Tokenizer spaced = tokenizer(file, false, false);
        assertArrayEquals(plain.encode(" kůň"), spaced.encode("kůň"));
        assertArrayEquals(plain.encode(" kůň"), spaced.encode(" kůň"));
        requireCuts(spaced);
    }

    @Test
    void wordsBecomeTheirLongestPieces() {
        Tokenizer tokenizer = tokenizer(wordPiece(), false, false);
        assertEquals("un ##aff ##able", shown(tokenizer, "unaffable"));
        assertEquals("prilis kun , runn ##ing !", shown(tokenizer, "  Příliš kůň,\u00A0RUNNING! "));
        assertEquals("don ' t", shown(tokenizer, "Don't"));
        assertEquals("x $ x", shown(tokenizer, "x$x"));
        assertEquals("\u4E2D \u56FD", shown(tokenizer, "\u4E2D\u56FD"));
        assertEquals("[UNK] x", shown(tokenizer, "unaffablz x"));
        assertEquals(
                "x ##x ##x ##x ##x ##x ##x ##x ##x ##x ##x ##x [UNK]", shown(tokenizer, "xxxxxxxxxxxx xxxxxxxxxxxxx"));
        assertEquals("xx", tokenizer.decode(tokenizer.encode("x\u0000\u200Bx")));
        assertEquals("istanbul", shown(tokenizer, "\u0130stanbul"));
        assertEquals("unaffable, running! don ' t", tokenizer.decode(tokenizer.encode("Unaffable , running ! don't")));
        assertArrayEquals(
                new int[] {2, 20, 3}, tokenizer(wordPiece(), true, false).encode("X"));
        requireCuts(tokenizer);
    }

    private static String shown(Tokenizer tokenizer, String text) {
        List<String> tokens = new ArrayList<>();
        JsonObject vocab = wordPiece().getAsJsonObject("model").getAsJsonObject("vocab");
        for (int token : tokenizer.encode(text)) {
            vocab.asMap().forEach((name, number) -> {
                if (number.getAsInt() == token) {
                    tokens.add(name);
                }
            });
        }
        return String.join(" ", tokens);
    }

    private static void requireCuts(Tokenizer tokenizer) {
        Random random = new Random(6);
        RandomTexts.of(29, 200, 20).forEach(text -> {
            int cut = tokenizer.cut(text.substring(0, random.nextInt(text.length() + 1)));
            assertArrayEquals(
                    tokenizer.encode(text),
                    IntStream.concat(
                                    IntStream.of(tokenizer.encode(text.substring(0, cut))),
                                    IntStream.of(tokenizer.encode(text.substring(cut))))
                            .toArray(),
                    () -> text + " at " + cut);
        });
    }

    @Test
    void accentsAndCapitalsStayWhereTheFileSaysSo() {
        JsonObject file = wordPiece();
        JsonObject normalizer = at(file, "normalizer").getAsJsonObject();
        normalizer.addProperty("strip_accents", false);
        assertEquals("[UNK]", shown(tokenizer(file, false, false), "Příliš"));
        normalizer.addProperty("strip_accents", true);
        normalizer.addProperty("lowercase", false);
        assertEquals("[UNK] prilis", shown(tokenizer(file, false, false), "Příliš příliš"));
        file.add(
                "normalizer",
                json("{'type': 'Sequence', 'normalizers': [{'type': 'NFD'}, {'type': 'Lowercase'},"
                        + "{'type': 'StripAccents'}]}"));
        assertEquals("prilis", shown(tokenizer(file, false, false), "PŘÍLIŠ"));
    }

    @Test
    void specialTokensAreEncodedOnlyWhereAsked() {
        Tokenizer plain = tokenizer(wordPiece(), false, false);
        assertEquals(Map.of("[CLS]", 2, "[MASK]", 4), plain.specials());
        assertTrue(IntStream.of(plain.encode("x [MASK]")).noneMatch(token -> token == 4));
        assertArrayEquals(new int[] {20, 4}, tokenizer(wordPiece(), false, true).encode("x [MASK]"));
        JsonObject file = wordPiece();
        at(file, "added_tokens", "1").getAsJsonObject().addProperty("special", false);
        assertArrayEquals(new int[] {20, 4}, tokenizer(file, false, false).encode("x[MASK]"));
    }

    /** Of a vocabulary and of added tokens, whatever is around the tokenizer. */
    @Test
    void numbersThatNoTokenHasAreGaps() {
        for (JsonObject file : List.of(bytePairs(), llama(), wordPiece())) {
            JsonObject vocab = at(file, "model", "vocab").getAsJsonObject();
            int size = vocab.size();
            assertArrayEquals(new int[0], tokenizer(file, true, true).gaps());
            vocab.addProperty("behind", size + 2);
            JsonObject added = json("{'content': '<far>', 'special': true}");
            added.addProperty("id", size + 4);
            file.getAsJsonArray("added_tokens").add(added);
            for (boolean around : new boolean[] {false, true}) {
                Tokenizer tokenizer = tokenizer(file, around, around);
                assertEquals(size + 5, tokenizer.vocab());
                assertArrayEquals(new int[] {size, size + 1, size + 3}, tokenizer.gaps());
            }
        }
    }

    @Test
    void paddingThatChangesNothingIsTold() {
        JsonObject file = bytePairs();
        file.add("padding", json("{'strategy': 'BatchLongest', 'pad_id': 0}"));
        List<String> told = new ArrayList<>();
        TokenizerContext context = new TokenizerContext() {
            @Override
            public Path file(String path) {
                return Path.of(path);
            }

            @Override
            public Ledger ledger() {
                return (kind, field, sentence) -> told.add(kind + " " + field + " " + sentence);
            }
        };
        family().fit(TokenizerFiles.settings(folder, file, false, false), Text.of(""), context);
        assertEquals(1, told.size());
        assertTrue(
                told.getFirst().startsWith("NO_EFFECT file") && told.getFirst().contains("$.padding"), told.getFirst());
    }
}
