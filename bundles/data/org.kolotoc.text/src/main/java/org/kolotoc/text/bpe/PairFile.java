package org.kolotoc.text.bpe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.kolotoc.text.bpe.Vocabulary.Merge;

/** Writes a byte-level vocabulary as a {@code tokenizer.json}, in the format of the library "tokenizers". */
final class PairFile {
    private static final JsonPrimitive TRUE = new JsonPrimitive(true);
    private static final JsonPrimitive FALSE = new JsonPrimitive(false);

    private PairFile() {}

    /**
     * The file, and one that says which class of the other library reads it.
     *
     * @param tokens bytes of each
     * @param specials numbered behind them
     */
    static Map<String, byte[]> of(Split split, byte[][] tokens, List<Merge> merges, List<String> specials) {
        JsonObject vocab = new JsonObject();
        for (int i = 0; i < tokens.length; i++) {
            vocab.addProperty(ByteCharacters.text(tokens[i]), i);
        }
        JsonArray pairs = new JsonArray();
        merges.forEach(merge -> {
            JsonArray pair = new JsonArray();
            pair.add(ByteCharacters.text(tokens[merge.left()]));
            pair.add(ByteCharacters.text(tokens[merge.right()]));
            pairs.add(pair);
        });
        JsonArray added = new JsonArray();
        for (int i = 0; i < specials.size(); i++) {
            added.add(object(
                    "id", new JsonPrimitive(tokens.length + i),
                    "content", new JsonPrimitive(specials.get(i)),
                    "single_word", FALSE,
                    "lstrip", FALSE,
                    "rstrip", FALSE,
                    "normalized", FALSE,
                    "special", TRUE));
        }
        JsonObject file = object(
                "version",
                new JsonPrimitive("1.0"),
                "truncation",
                JsonNull.INSTANCE,
                "padding",
                JsonNull.INSTANCE,
                "added_tokens",
                added,
                "normalizer",
                JsonNull.INSTANCE,
                "pre_tokenizer",
                cutting(split),
                "post_processor",
                JsonNull.INSTANCE,
                "decoder",
                byteLevel(true),
                "model",
                object(
                        "type",
                        new JsonPrimitive("BPE"),
                        "dropout",
                        JsonNull.INSTANCE,
                        "unk_token",
                        JsonNull.INSTANCE,
                        "continuing_subword_prefix",
                        JsonNull.INSTANCE,
                        "end_of_word_suffix",
                        JsonNull.INSTANCE,
                        "fuse_unk",
                        FALSE,
                        "byte_fallback",
                        FALSE,
                        "ignore_merges",
                        FALSE,
                        "vocab",
                        vocab,
                        "merges",
                        pairs));
        JsonObject reader = object("tokenizer_class", new JsonPrimitive("PreTrainedTokenizerFast"));
        return Map.of(
                "tokenizer.json", file.toString().getBytes(StandardCharsets.UTF_8),
                "tokenizer_config.json", reader.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject cutting(Split split) {
        if (split == Split.GPT2) {
            return byteLevel(true);
        }
        JsonArray steps = new JsonArray();
        steps.add(object(
                "type",
                new JsonPrimitive("Split"),
                "pattern",
                object("Regex", new JsonPrimitive(split.pattern())),
                "behavior",
                new JsonPrimitive("Isolated"),
                "invert",
                FALSE));
        steps.add(byteLevel(false));
        return object("type", new JsonPrimitive("Sequence"), "pretokenizers", steps);
    }

    private static JsonObject byteLevel(boolean cuts) {
        return object(
                "type",
                new JsonPrimitive("ByteLevel"),
                "add_prefix_space",
                FALSE,
                "trim_offsets",
                TRUE,
                "use_regex",
                new JsonPrimitive(cuts));
    }

    /** @param fields names and values in turn */
    private static JsonObject object(Object... fields) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < fields.length; i += 2) {
            object.add((String) fields[i], (JsonElement) fields[i + 1]);
        }
        return object;
    }
}
