package org.kolotoc.text.huggingface;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.kolotoc.text.bpe.SmallFiles;

/** Small {@code tokenizer.json} of each kind that is known, for tests. */
final class TokenizerFiles {
    private static final String LLAMA = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private TokenizerFiles() {}

    /** Settings that read a file, which is written into a folder. */
    static HuggingFaceSettings settings(
            Path folder, JsonElement file, boolean addSpecialTokens, boolean encodeSpecials) {
        try {
            Path written = Files.writeString(folder.resolve("tokenizer.json"), file.toString());
            return new HuggingFaceSettings(written.toString(), addSpecialTokens, encodeSpecials);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }

    /** As GPT-2 has it. */
    static JsonObject bytePairs() {
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
    static JsonObject llama() {
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
    static JsonObject wordPiece() {
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
    static JsonElement at(JsonElement json, String... path) {
        JsonElement found = json;
        for (String step : path) {
            found = found.isJsonArray()
                    ? found.getAsJsonArray().get(Integer.parseInt(step))
                    : found.getAsJsonObject().get(step);
        }
        return found;
    }
}
