package org.kolotoc.text.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.InputError;
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
    private static final String LLAMA = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    @TempDir
    Path folder;

    @Override
    protected TokenizerFamily<HuggingFaceSettings> family() {
        return new HuggingFaceTokenizers();
    }

    @Override
    protected HuggingFaceSettings settings() {
        return settings(bytePairs(), false, false);
    }

    private HuggingFaceSettings settings(JsonElement file, boolean addSpecialTokens, boolean encodeSpecials) {
        try {
            Path written = Files.writeString(folder.resolve("tokenizer.json"), file.toString());
            return new HuggingFaceSettings(written.toString(), addSpecialTokens, encodeSpecials);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Tokenizer tokenizer(JsonElement file, boolean addSpecialTokens, boolean encodeSpecials) {
        return family().fit(settings(file, addSpecialTokens, encodeSpecials), Text.of(""));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }

    /** As GPT-2 has it. */
    private static JsonObject bytePairs() {
        JsonObject file = json("""
            {'version': '1.0', 'truncation': null, 'padding': null,
             'added_tokens': [{'id': 0, 'content': '<|endoftext|>', 'single_word': false, 'lstrip': false, 'rstrip': false,
                               'normalized': true, 'special': true}],
             'normalizer': null,
             'pre_tokenizer': {'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true},
             'post_processor': {'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': false},
             'decoder': {'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true},
             'model': {'type': 'BPE', 'dropout': null, 'unk_token': null, 'continuing_subword_prefix': '',
                       'end_of_word_suffix': '', 'fuse_unk': false, 'merges': []}}\
            """);
        file.getAsJsonObject("model").add("vocab", SmallFiles.vocab());
        SmallFiles.merges().forEach(file.getAsJsonObject("model").getAsJsonArray("merges")::add);
        at(file, "added_tokens", "0")
                .getAsJsonObject()
                .add("id", SmallFiles.vocab().get("<|endoftext|>"));
        return file;
    }

    /** As Llama 3 has it. */
    private static JsonObject llama() {
        JsonObject file = bytePairs();
        JsonObject split = json("{'type': 'Split', 'pattern': {}, 'behavior': 'Isolated', 'invert': false}");
        split.getAsJsonObject("pattern").addProperty("Regex", LLAMA);
        JsonObject sequence = json("{'type': 'Sequence', 'pretokenizers': []}");
        sequence.getAsJsonArray("pretokenizers").add(split);
        sequence.getAsJsonArray("pretokenizers")
                .add(json(
                        "{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': false}"));
        file.add("pre_tokenizer", sequence);
        int end = SmallFiles.vocab().get("<|endoftext|>").getAsInt();
        file.add("post_processor", json("""
            {'type': 'Sequence', 'processors': [
                {'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': false, 'use_regex': true},
                {'type': 'TemplateProcessing',
                 'single': [{'SpecialToken': {'id': 'begin', 'type_id': 0}}, {'Sequence': {'id': 'A', 'type_id': 0}}],
                 'pair': [], 'special_tokens': {'begin': {'id': 'begin', 'ids': [%d], 'tokens': ['begin']}}}]}\
            """.formatted(end)));
        file.getAsJsonObject("model").addProperty("ignore_merges", true);
        return file;
    }

    /** As BERT has it. */
    private static JsonObject wordPiece() {
        JsonObject file = json("""
            {'version': '1.0', 'truncation': null, 'padding': null, 'added_tokens': [],
             'normalizer': {'type': 'BertNormalizer', 'clean_text': true, 'handle_chinese_chars': true,
                            'strip_accents': null, 'lowercase': true},
             'pre_tokenizer': {'type': 'BertPreTokenizer'},
             'post_processor': {'type': 'BertProcessing', 'sep': ['[SEP]', 3], 'cls': ['[CLS]', 2]},
             'decoder': {'type': 'WordPiece', 'prefix': '##', 'cleanup': true},
             'model': {'type': 'WordPiece', 'unk_token': '[UNK]', 'continuing_subword_prefix': '##',
                       'max_input_chars_per_word': 12, 'vocab': {}}}\
            """);
        JsonObject vocab = file.getAsJsonObject("model").getAsJsonObject("vocab");
        List.of(
                        "[PAD]",
                        "[UNK]",
                        "[CLS]",
                        "[SEP]",
                        "[MASK]",
                        "un",
                        "##aff",
                        "##able",
                        "runn",
                        "##ing",
                        "prilis",
                        "kun",
                        ",",
                        "!",
                        "'",
                        "don",
                        "t",
                        "$",
                        "\u4E2D",
                        "\u56FD",
                        "x",
                        "##x",
                        "istanbul",
                        "i\u0307")
                .forEach(token -> vocab.addProperty(token, vocab.size()));
        for (String special : List.of("[CLS]", "[MASK]")) {
            JsonObject added =
                    json("{'id': 0, 'single_word': false, 'lstrip': false, 'rstrip': false, 'normalized': false,"
                            + "'special': true}");
            added.add("id", vocab.get(special));
            added.addProperty("content", special);
            file.getAsJsonArray("added_tokens").add(added);
        }
        return file;
    }

    /** The value at a path of names and places. */
    private static JsonElement at(JsonElement json, String... path) {
        JsonElement found = json;
        for (String step : path) {
            found = found.isJsonArray()
                    ? found.getAsJsonArray().get(Integer.parseInt(step))
                    : found.getAsJsonObject().get(step);
        }
        return found;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "model.type; \"Unigram\"; $.model.type the model is \"Unigram\"",
                "model.dropout; 0.1; $.model.dropout",
                "model.end_of_word_suffix; \"</w>\"; $.model.end_of_word_suffix",
                "model.byte_fallback; true; $.model.byte_fallback",
                "model.surprise; 1; $.model has the field \"surprise\"",
                "normalizer; {\"type\": \"NFC\"}; $.normalizer the normalizer of a byte-level model",
                "decoder; {\"type\": \"Metaspace\"}; $.decoder the decoder",
                "truncation; {\"max_length\": 5}; $.truncation",
                "padding; {\"strategy\": {\"Fixed\": 8}}; $.padding.strategy",
                "surprise; 1; $ has the field \"surprise\"",
                "pre_tokenizer; {\"type\": \"Digits\"}; $.pre_tokenizer the pre-tokenizer is {\"type\":\"Digits\"}",
                "pre_tokenizer.use_regex; false; $.pre_tokenizer.use_regex",
                "post_processor; {\"type\": \"Odd\"}; $.post_processor the post-processor",
                "added_tokens.0.rstrip; true; $.added_tokens[0].rstrip",
                "added_tokens.0.single_word; true; $.added_tokens[0].single_word",
                "added_tokens.0.id; -1; $.added_tokens[0].id is -1",
                "model.merges.0; \"a\"; $.model.merges[0] the pair",
                "model.merges.0; [\"a\", \"nowhere\"]; $.model.merges[0] needs the token \"nowhere\"",
                "model.vocab.<|endoftext|>; 0; $.model.vocab gives \"<|endoftext|>\" the number 0",
            })
    void whatIsNotKnownOfByteLevelModelsIsRefusedByItsPath(String path, String value, String message) {
        requireRefused(bytePairs(), path, value, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "pre_tokenizer.pretokenizers.0.pattern.Regex; \"[a-z]+\";"
                        + " $.pre_tokenizer.pretokenizers[0].pattern.Regex the pattern",
                "pre_tokenizer.pretokenizers.0.behavior; \"Removed\"; $.pre_tokenizer.pretokenizers[0].behavior",
                "pre_tokenizer.pretokenizers.0.invert; true; $.pre_tokenizer.pretokenizers[0].invert",
                "pre_tokenizer.pretokenizers.1.use_regex; true; $.pre_tokenizer.pretokenizers[1] a second split",
                "post_processor.processors.1.single.0.SpecialToken.type_id; 1; single[0].SpecialToken.type_id",
                "post_processor.processors.1.special_tokens.begin.ids.0; 9999; special_tokens.begin.ids[0] a token is"
                        + " 9999",
                "post_processor.processors.1.single; []; $.post_processor.processors[1].single the template",
            })
    void whatIsNotKnownOfSplitsAndTemplatesIsRefusedByItsPath(String path, String value, String message) {
        requireRefused(llama(), path, value, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "normalizer.surprise; 1; $.normalizer has the field \"surprise\"",
                "normalizer; {\"type\": \"Precompiled\"}; $.normalizer the normalizer",
                "pre_tokenizer; {\"type\": \"Metaspace\"}; $.pre_tokenizer the pre-tokenizer",
                "decoder; {\"type\": \"BPEDecoder\"}; $.decoder the decoder",
                "model.unk_token; \"nowhere\"; $.model.unk_token the unknown token",
                "model.vocab.x; 1.5; $.model.vocab.x is 1.5; expected a whole number",
                "added_tokens.1.normalized; true; $.added_tokens[1].normalized",
            })
    void whatIsNotKnownOfWordPieceIsRefusedByItsPath(String path, String value, String message) {
        requireRefused(wordPiece(), path, value, message);
    }

    /** Whoever mends a file sees once what there is to mend. */
    @Test
    void everyFaultOfAFileIsToldAtOnce() {
        JsonObject file = bytePairs();
        file.add("normalizer", json("{'type': 'NFC'}"));
        file.add("truncation", json("{'max_length': 5}"));
        file.addProperty("surprise", 1);
        file.addProperty("other", 1);
        file.add("post_processor", json("{'type': 'Sequence', 'processors': [{'type': 'Odd'}, {'type': 'Even'}]}"));
        JsonObject model = file.getAsJsonObject("model");
        model.addProperty("dropout", 0.1);
        model.addProperty("byte_fallback", true);
        model.addProperty("end_of_word_suffix", 3);
        model.getAsJsonArray("merges").set(0, JsonParser.parseString("\"a\""));
        model.getAsJsonArray("merges").set(1, json("{'a': 1}"));
        JsonObject token = at(file, "added_tokens", "0").getAsJsonObject();
        token.addProperty("rstrip", true);
        token.addProperty("single_word", true);
        token.addProperty("id", "none");
        InputError error = assertThrows(InputError.class, () -> tokenizer(file, true, true));
        for (String part : List.of(
                "tokenizer.json: 13 faults:\n  $ has the fields ",
                "\"surprise\", \"other\", which are not known here",
                "$.normalizer the normalizer of a byte-level model",
                "$.truncation the truncation",
                "$.post_processor.processors[0] the post-processor",
                "$.post_processor.processors[1] the post-processor",
                "$.model.dropout the dropout",
                "$.model.byte_fallback it is true",
                "$.model.end_of_word_suffix is 3; expected a text",
                "$.model.merges[0] the pair",
                "$.model.merges[1] is {\"a\":1}; expected a text",
                "$.added_tokens[0].rstrip it is true",
                "$.added_tokens[0].single_word it is true",
                "$.added_tokens[0].id is \"none\"; expected a whole number")) {
            assertTrue(error.getMessage().contains(part), part + " expected in " + error.getMessage());
        }
        assertEquals(
                "convert the file, or choose a tokenizer without that; get the file again, or mend that place",
                error.next());
    }

    @Test
    void everyFaultOfAWordPieceFileIsToldAtOnce() {
        JsonObject file = wordPiece();
        file.add("normalizer", json("{'type': 'Sequence', 'normalizers': [{'type': 'Odd'}, {'type': 'Replace'}]}"));
        file.add("pre_tokenizer", json("{'type': 'Metaspace', 'replacement': '_'}"));
        at(file, "decoder").getAsJsonObject().addProperty("cleanup", "no");
        JsonObject vocab = at(file, "model", "vocab").getAsJsonObject();
        vocab.addProperty("x", 1.5);
        vocab.addProperty("t", 0);
        at(file, "model").getAsJsonObject().addProperty("max_input_chars_per_word", -1);
        InputError error = assertThrows(InputError.class, () -> tokenizer(file, true, true));
        for (String part : List.of(
                "tokenizer.json: 7 faults:",
                "$.normalizer.normalizers[0] the normalizer",
                "$.normalizer.normalizers[1] the normalizer",
                "$.pre_tokenizer the pre-tokenizer",
                "$.decoder.cleanup is \"no\"",
                "$.model.vocab.x is 1.5",
                "$.model.vocab gives \"t\" the number 0, which \"[PAD]\" has",
                "$.model.max_input_chars_per_word is -1")) {
            assertTrue(error.getMessage().contains(part), part + " expected in " + error.getMessage());
        }
    }

    @Test
    void aFaultThatComesAThousandTimesIsCountedOnly() {
        JsonObject file = bytePairs();
        JsonArray merges = new JsonArray();
        for (int i = 0; i < 1000; i++) {
            merges.add("a nowhere" + i);
        }
        at(file, "model").getAsJsonObject().add("merges", merges);
        InputError error = assertThrows(InputError.class, () -> tokenizer(file, true, true));
        assertTrue(error.getMessage().contains(": 50 and 950 more faults:\n  "), error.getMessage());
        assertEquals(51, error.getMessage().lines().count());
    }

    private void requireRefused(JsonObject file, String path, String value, String message) {
        String[] steps = path.split("\\.");
        String last = steps[steps.length - 1];
        JsonElement parent =
                at(file, List.of(steps).subList(0, steps.length - 1).toArray(String[]::new));
        if (parent.isJsonArray()) {
            parent.getAsJsonArray().set(Integer.parseInt(last), JsonParser.parseString(value));
        } else {
            parent.getAsJsonObject().add(last, JsonParser.parseString(value));
        }
        InputError error = assertThrows(InputError.class, () -> tokenizer(file, true, true));
        assertTrue(error.getMessage().contains("tokenizer.json: "), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
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
        family().fit(settings(file, false, false), Text.of(""), context);
        assertEquals(1, told.size());
        assertTrue(
                told.getFirst().startsWith("NO_EFFECT file") && told.getFirst().contains("$.padding"), told.getFirst());
    }
}
