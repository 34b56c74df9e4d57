package org.kolotoc.text.huggingface;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.text.bpe.ByteLevelTokenizer;
import org.kolotoc.text.bpe.MergeTable;
import org.kolotoc.text.bpe.NamedTokens;
import org.kolotoc.text.bpe.NamedTokens.Named;
import org.kolotoc.text.json.Faults;
import org.kolotoc.text.json.JsonPlace;
import org.kolotoc.text.json.NumberedTokens;

/**
 * Reads a {@code tokenizer.json}. The format is that of the library "tokenizers", of which its Rust sources are the definition.
 * Whatever is wrong with a file is told at once.
 */
final class TokenizerFile {
    private final JsonPlace file;
    private final String state;
    private final Faults faults;
    private final Map<String, Integer> added = new LinkedHashMap<>();

    /** @param state see {@link Tokenizer#state()} */
    TokenizerFile(JsonPlace file, String state) {
        this.file = file;
        this.state = state;
        this.faults = new Faults(file.file());
    }

    /**
     * What the file says.
     *
     * @throws InputError when it says something that is not known here, or is not as it must be; names all of that, with its
     *     path
     */
    Tokenizer tokenizer(boolean addSpecialTokens, boolean encodeSpecials) {
        faults.look(() -> file.only(Set.of(
                "version",
                "truncation",
                "padding",
                "added_tokens",
                "normalizer",
                "pre_tokenizer",
                "post_processor",
                "decoder",
                "model")));
        absent(file, "truncation", "the truncation", "null: a text is not cut here");
        faults.look(() -> file.find("padding")
                .flatMap(padding -> padding.find("strategy"))
                .filter(strategy -> !strategy.value().isJsonPrimitive())
                .ifPresent(strategy -> {
                    throw strategy.unknown("the padding", "null or \"BatchLongest\": a text alone is not filled here");
                }));
        Optional<Boolean> wordPiece = faults.of(this::isWordPiece);
        if (wordPiece.isPresent() && !wordPiece.get()) {
            absent(file, "normalizer", "the normalizer of a byte-level model", "null");
        }
        List<Named> named = named(encodeSpecials, wordPiece.orElse(false));
        // Whatever else is at fault: without it nobody can say which tokens are lacking.
        Optional<NumberedTokens> tokens = wordPiece
                .flatMap(_ -> faults.of(() -> file.get("model").get("vocab")))
                .flatMap(found -> faults.of(() -> NumberedTokens.of(found, faults)));
        Optional<Supplier<Tokenizer>> model = wordPiece.flatMap(is -> is ? wordPiece(tokens) : bytePairs(tokens));
        int most = added.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        int vocab = tokens.map(known -> Math.max(known.possible(), most + 1)).orElse(Integer.MAX_VALUE);
        Template template = faults.of(() -> file.find("post_processor"))
                .map(found -> Template.of(found, vocab, faults))
                .orElse(null);
        faults.refuse();
        Tokenizer plain = model.orElseThrow().get();
        Tokenizer tokenizer = named.isEmpty() ? plain : new NamedTokens(plain, named);
        return addSpecialTokens ? new TemplateTokenizer(tokenizer, template) : tokenizer;
    }

    /** A field that has to be null. */
    private void absent(JsonPlace place, String name, String what, String expected) {
        faults.look(() -> place.find(name).ifPresent(found -> {
            throw found.unknown(what, expected);
        }));
    }

    /** A field that has to be false. */
    private void unset(JsonPlace place, String name) {
        faults.look(() -> place.find(name).ifPresent(TokenizerFile::requireFalse));
    }

    /** A field that has to be without a text. */
    private void empty(JsonPlace place, String name) {
        faults.look(
                () -> place.find(name).filter(text -> !text.text().isEmpty()).ifPresent(text -> {
                    throw text.unknown("it", "null");
                }));
    }

    /** Added tokens that are looked for in a text: those that are no special ones, and all where that is asked. */
    private List<Named> named(boolean encodeSpecials, boolean wordPiece) {
        List<Named> named = new ArrayList<>();
        List<JsonPlace> tokens = faults.of(
                        () -> file.find("added_tokens").map(JsonPlace::items).orElse(List.of()))
                .orElse(List.of());
        for (JsonPlace token : tokens) {
            faults.look(() -> named(token, encodeSpecials, wordPiece).ifPresent(named::add));
        }
        return named;
    }

    private Optional<Named> named(JsonPlace token, boolean encodeSpecials, boolean wordPiece) {
        faults.look(
                () -> token.only(Set.of("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special")));
        unset(token, "single_word");
        unset(token, "rstrip");
        // Where a normaliser is refused by itself, this says nothing more.
        if (wordPiece && file.find("normalizer").isPresent()) {
            unset(token, "normalized");
        }
        boolean special = token.flag("special", false, faults);
        boolean strips = token.flag("lstrip", false, faults);
        Optional<Integer> id = faults.of(() -> token.get("id").integer());
        JsonPlace content = token.get("content");
        if (content.text().isEmpty()) {
            throw content.unknown("the name", "one that is not empty");
        }
        if (id.isPresent() && added.putIfAbsent(content.text(), id.get()) != null) {
            throw content.unknown("the name", "one that is not there twice");
        }
        return id.filter(_ -> encodeSpecials || !special).map(number -> new Named(content.text(), number, strips));
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

    /** Makes the tokenizer of a model, once it is known which tokens are added; nothing where it has a fault, which is noted. */
    private Optional<Supplier<Tokenizer>> bytePairs(Optional<NumberedTokens> tokens) {
        JsonPlace model = file.get("model");
        faults.look(() -> model.only(Set.of(
                "type",
                "dropout",
                "unk_token",
                "continuing_subword_prefix",
                "end_of_word_suffix",
                "fuse_unk",
                "byte_fallback",
                "ignore_merges",
                "vocab",
                "merges")));
        absent(model, "dropout", "the dropout", "null");
        empty(model, "continuing_subword_prefix");
        empty(model, "end_of_word_suffix");
        unset(model, "fuse_unk");
        unset(model, "byte_fallback");
        boolean ignoresMerges = model.flag("ignore_merges", false, faults);
        faults.look(() -> file.find("decoder").ifPresent(decoder -> requireByteLevel(decoder, "the decoder")));
        Optional<ByteLevelSplit> split =
                faults.of(() -> file.get("pre_tokenizer")).flatMap(found -> ByteLevelSplit.of(found, faults));
        Optional<List<JsonPlace>> merges = faults.of(() -> model.get("merges").items());
        Optional<MergeTable> table = tokens.map(MergeTable::new);
        table.ifPresent(found -> {
            merges.ifPresent(all -> all.forEach(merge -> faults.look(() -> add(found, merge))));
            faults.look(() -> model.find("unk_token")
                    .filter(unknown -> !unknown.text().isEmpty() && !found.hasAllBytes())
                    .ifPresent(unknown -> {
                        throw unknown.unknown("the unknown token", "null, since there are bytes that are no token");
                    }));
        });
        return table.flatMap(found -> split.map(cut -> () -> {
            Tokenizer tokenizer = new ByteLevelTokenizer(cut.split(), found.vocabulary(ignoresMerges), added, state);
            return cut.prefixSpace() ? new PrefixSpace(tokenizer) : tokenizer;
        }));
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

    private Optional<Supplier<Tokenizer>> wordPiece(Optional<NumberedTokens> tokens) {
        JsonPlace model = file.get("model");
        faults.look(() -> model.only(
                Set.of("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab")));
        UnaryOperator<String> normalizer = Normalizer.of(file.find("normalizer"), faults);
        Optional<WordSplit> split = faults.of(() -> WordSplit.of(file.get("pre_tokenizer")));
        Optional<WordPieceDecoder> decoder = faults.of(() -> WordPieceDecoder.of(file.find("decoder"), faults));
        Optional<WordPieces> pieces = WordPieces.of(model, tokens, faults);
        return pieces.map(found -> () ->
                new WordPieceTokenizer(normalizer, split.orElseThrow(), found, decoder.orElseThrow(), added, state));
    }
}
