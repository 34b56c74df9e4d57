package org.kolotoc.text.huggingface;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.text.bpe.ByteLevelTokenizer;
import org.kolotoc.text.bpe.MergeTable;
import org.kolotoc.text.bpe.NamedTokens;
import org.kolotoc.text.bpe.NamedTokens.Named;
import org.kolotoc.text.bpe.Split;
import org.kolotoc.text.json.JsonPlace;

/** Reads a {@code tokenizer.json}. The format is that of the library "tokenizers", of which its Rust sources are the definition. */
final class TokenizerFile {
    private final JsonPlace file;
    private final String state;
    private final Map<String, Integer> added = new LinkedHashMap<>();

    /** @param state see {@link Tokenizer#state()} */
    TokenizerFile(JsonPlace file, String state) {
        this.file = file.only(Set.of(
                "version",
                "truncation",
                "padding",
                "added_tokens",
                "normalizer",
                "pre_tokenizer",
                "post_processor",
                "decoder",
                "model"));
        this.state = state;
    }

    /**
     * What the file says.
     *
     * @throws InputError when it says something that is not known here; names it and its path
     */
    Tokenizer tokenizer(boolean addSpecialTokens, boolean encodeSpecials) {
        file.find("truncation").ifPresent(truncation -> {
            throw truncation.unknown("the truncation", "null: a text is not cut here");
        });
        file.find("padding").flatMap(padding -> padding.find("strategy")).ifPresent(strategy -> {
            if (!strategy.value().isJsonPrimitive()) {
                throw strategy.unknown("the padding", "null or \"BatchLongest\": a text alone is not filled here");
            }
        });
        boolean wordPiece = isWordPiece();
        file.find("normalizer").filter(_ -> !wordPiece).ifPresent(normalizer -> {
            throw normalizer.unknown("the normalizer of a byte-level model", "null");
        });
        List<Named> named = named(encodeSpecials);
        Tokenizer model = wordPiece ? wordPiece() : bytePairs();
        Template template = Template.of(file.find("post_processor"), model.vocab());
        Tokenizer tokenizer = named.isEmpty() ? model : new NamedTokens(model, named);
        return addSpecialTokens ? new TemplateTokenizer(tokenizer, template) : tokenizer;
    }

    /** Added tokens that are looked for in a text: those that are no special ones, and all where that is asked. */
    private List<Named> named(boolean encodeSpecials) {
        List<Named> named = new ArrayList<>();
        for (JsonPlace token : file.find("added_tokens").map(JsonPlace::items).orElse(List.of())) {
            token.only(Set.of("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"));
            JsonPlace content = token.get("content");
            if (content.text().isEmpty()) {
                throw content.unknown("the name", "one that is not empty");
            }
            token.find("single_word").ifPresent(TokenizerFile::requireFalse);
            token.find("rstrip").ifPresent(TokenizerFile::requireFalse);
            if (file.find("normalizer").isPresent()) {
                token.find("normalized").ifPresent(TokenizerFile::requireFalse);
            }
            Integer other = added.put(content.text(), token.get("id").integer());
            if (other != null) {
                throw content.unknown("the name", "one that is not there twice");
            }
            if (encodeSpecials || !token.flag("special", false)) {
                named.add(new Named(content.text(), token.get("id").integer(), token.flag("lstrip", false)));
            }
        }
        return named;
    }

    private static void requireFalse(JsonPlace flag) {
        if (flag.flag()) {
            throw flag.unknown("it", "false");
        }
    }

    /** Older files don't name the kind of model. */
    private boolean isWordPiece() {
        JsonPlace model = file.get("model");
        Optional<JsonPlace> type = model.find("type");
        if (type.isEmpty()) {
            return model.find("merges").isEmpty();
        }
        return switch (type.get().text()) {
            case "BPE" -> false;
            case "WordPiece" -> true;
            default -> throw type.get().unknown("the model", "\"BPE\" or \"WordPiece\"");
        };
    }

    private Tokenizer bytePairs() {
        JsonPlace model = file.get("model")
                .only(Set.of(
                        "type",
                        "dropout",
                        "unk_token",
                        "continuing_subword_prefix",
                        "end_of_word_suffix",
                        "fuse_unk",
                        "byte_fallback",
                        "ignore_merges",
                        "vocab",
                        "merges"));
        model.find("dropout").ifPresent(dropout -> {
            throw dropout.unknown("the dropout", "null");
        });
        model.find("continuing_subword_prefix").ifPresent(TokenizerFile::requireEmpty);
        model.find("end_of_word_suffix").ifPresent(TokenizerFile::requireEmpty);
        model.find("fuse_unk").ifPresent(TokenizerFile::requireFalse);
        model.find("byte_fallback").ifPresent(TokenizerFile::requireFalse);
        file.find("decoder").ifPresent(decoder -> requireByteLevel(decoder, "the decoder"));
        MergeTable table = new MergeTable(model.get("vocab"));
        model.get("merges").items().forEach(merge -> add(table, merge));
        model.find("unk_token").filter(unknown -> !unknown.text().isEmpty()).ifPresent(unknown -> {
            if (!table.hasAllBytes()) {
                throw unknown.unknown("the unknown token", "null, since there are bytes that are no token");
            }
        });
        ByteLevelSplit split = ByteLevelSplit.of(file.get("pre_tokenizer"));
        Tokenizer tokenizer = new ByteLevelTokenizer(
                split.split(), table.vocabulary(model.flag("ignore_merges", false)), added, state);
        return split.prefixSpace() ? new PrefixSpace(tokenizer) : tokenizer;
    }

    private static void requireEmpty(JsonPlace text) {
        if (!text.text().isEmpty()) {
            throw text.unknown("it", "null");
        }
    }

    private static void requireByteLevel(JsonPlace step, String what) {
        if (!step.get("type").text().equals("ByteLevel")) {
            throw step.unknown(what, "null or ByteLevel");
        }
    }

    /** A pair, as a text with a space in it or as an array. */
    private static void add(MergeTable table, JsonPlace merge) {
        List<String> pair = merge.value().isJsonArray()
                ? merge.items().stream().map(JsonPlace::text).toList()
                : List.of(merge.text().split(" ", -1));
        if (pair.size() != 2) {
            throw merge.unknown("the pair", "two tokens");
        }
        table.add(pair.get(0), pair.get(1), merge::wrong);
    }

    private Tokenizer wordPiece() {
        JsonPlace model = file.get("model")
                .only(Set.of("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"));
        return new WordPieceTokenizer(
                Normalizer.of(file.find("normalizer")),
                WordSplit.of(file.get("pre_tokenizer")),
                new WordPieces(model),
                WordPieceDecoder.of(file.find("decoder")),
                added,
                state);
    }

    /** How a byte-level model cuts a text, and whether a text gets a space before it. */
    private record ByteLevelSplit(Split split, boolean prefixSpace) {
        private static final Set<String> FIELDS = Set.of("type", "add_prefix_space", "trim_offsets", "use_regex");

        static ByteLevelSplit of(JsonPlace preTokenizer) {
            return switch (preTokenizer.get("type").text()) {
                case "ByteLevel" -> {
                    preTokenizer.only(FIELDS);
                    if (!preTokenizer.flag("use_regex", true)) {
                        throw preTokenizer.get("use_regex").unknown("it", "true, or a Split before");
                    }
                    yield new ByteLevelSplit(Split.GPT2, preTokenizer.flag("add_prefix_space", true));
                }
                case "Sequence" -> sequence(preTokenizer);
                default -> throw unknown(preTokenizer);
            };
        }

        private static ByteLevelSplit sequence(JsonPlace preTokenizer) {
            List<JsonPlace> steps = preTokenizer
                    .only(Set.of("type", "pretokenizers"))
                    .get("pretokenizers")
                    .items();
            if (steps.size() != 2
                    || !steps.get(0).get("type").text().equals("Split")
                    || !steps.get(1).get("type").text().equals("ByteLevel")) {
                throw unknown(preTokenizer);
            }
            JsonPlace last = steps.get(1).only(FIELDS);
            if (last.flag("use_regex", true)) {
                throw last.unknown("a second split", "\"use_regex\": false after a Split");
            }
            last.find("add_prefix_space").ifPresent(TokenizerFile::requireFalse);
            return new ByteLevelSplit(split(steps.get(0)), false);
        }

        private static Split split(JsonPlace step) {
            step.only(Set.of("type", "pattern", "behavior", "invert"));
            JsonPlace pattern = step.get("pattern").get("Regex");
            if (!step.get("behavior").text().equals("Isolated")) {
                throw step.get("behavior").unknown("the behavior", "\"Isolated\"");
            }
            step.find("invert").ifPresent(TokenizerFile::requireFalse);
            return Split.ofPattern(pattern.text())
                    .orElseThrow(
                            () -> pattern.unknown("the pattern", "that of GPT-2, of GPT-4 and Llama 3, or of GPT-4o"));
        }

        private static InputError unknown(JsonPlace preTokenizer) {
            return preTokenizer.unknown("the pre-tokenizer", "ByteLevel, or a Sequence of Split and ByteLevel");
        }
    }
}
