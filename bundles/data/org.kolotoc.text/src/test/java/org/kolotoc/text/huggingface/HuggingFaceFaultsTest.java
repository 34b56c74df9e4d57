package org.kolotoc.text.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Text;
import org.kolotoc.text.bpe.SmallFiles;

/** What a file asks for that is not had, and what is wrong with it, is told by its path, all at once. */
class HuggingFaceFaultsTest {
    @TempDir
    Path folder;

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
        InputError error = assertThrows(InputError.class, () -> read(file));
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
        InputError error = assertThrows(InputError.class, () -> read(file));
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

    /** What a vocabulary says is held against the rest of the file even where some of its numbers are wrong, and the rest too. */
    @ParameterizedTest
    @ValueSource(strings = {"1.5", "-1", "99999999", "0", "\"none\""})
    void aFaultOfAVocabularyHidesNoOther(String number) {
        for (boolean split : new boolean[] {false, true}) {
            JsonObject file = wordPiece();
            at(file, "model", "vocab").getAsJsonObject().add("[SEP]", JsonParser.parseString(number));
            at(file, "model").getAsJsonObject().addProperty("unk_token", "nowhere");
            at(file, "post_processor", "cls").getAsJsonArray().set(1, new JsonPrimitive(24));
            List<String> parts = new ArrayList<>(List.of(
                    "[SEP]",
                    "$.model.unk_token the unknown token is \"nowhere\"",
                    "$.post_processor.cls[1] a token is 24; expected one below 24"));
            if (split) {
                file.add("pre_tokenizer", json("{'type': 'Metaspace'}"));
                parts.add("$.pre_tokenizer the pre-tokenizer");
            }
            requireFaults(file, parts);
        }
        JsonObject file = bytePairs();
        JsonObject vocab = at(file, "model", "vocab").getAsJsonObject();
        vocab.remove("ā");
        // A token with pairs: that its number is wrong does not make these lack it.
        String paired = SmallFiles.merges().getFirst().replace(" ", "");
        vocab.add(paired, JsonParser.parseString(number));
        at(file, "model").getAsJsonObject().addProperty("unk_token", "<|endoftext|>");
        file.add("post_processor", json("{'type': 'RobertaProcessing', 'sep': ['</s>', 9999], 'cls': ['<s>', 0]}"));
        at(file, "pre_tokenizer").getAsJsonObject().addProperty("use_regex", false);
        requireFaults(
                file,
                List.of(
                        paired,
                        "$.model.unk_token the unknown token is \"<|endoftext|>\"",
                        "$.post_processor.sep[1] a token is 9999",
                        "$.pre_tokenizer.use_regex"));
    }

    /** All of these, and no other. */
    private void requireFaults(JsonObject file, List<String> parts) {
        String message = assertThrows(InputError.class, () -> read(file)).getMessage();
        assertTrue(message.contains("tokenizer.json: " + parts.size() + " faults:"), message);
        parts.forEach(part -> assertTrue(message.contains(part), part + " expected in " + message));
    }

    @Test
    void aFaultThatComesAThousandTimesIsCountedOnly() {
        JsonObject file = bytePairs();
        JsonArray merges = new JsonArray();
        for (int i = 0; i < 1000; i++) {
            merges.add("a nowhere" + i);
        }
        at(file, "model").getAsJsonObject().add("merges", merges);
        InputError error = assertThrows(InputError.class, () -> read(file));
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
        InputError error = assertThrows(InputError.class, () -> read(file));
        assertTrue(error.getMessage().contains("tokenizer.json: "), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    private void read(JsonObject file) {
        new HuggingFaceTokenizers().fit(TokenizerFiles.settings(folder, file, true, true), Text.of(""));
    }
}
