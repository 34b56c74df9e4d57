package org.kolotoc.text.huggingface;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.kolotoc.text.json.Faults;
import org.kolotoc.text.json.JsonPlace;
import org.kolotoc.text.json.NumberedTokens;

/**
 * Tokens of a word: the longest token that it begins with, then the longest that goes on from there (Wu et al.,
 * arXiv:1609.08144; Devlin et al., arXiv:1810.04805). A word for which there are none is unknown as a whole.
 */
final class WordPieces {
    private final NumberedTokens tokens;
    private final String prefix;
    private final int longest;
    private final int[] unknown;

    private WordPieces(NumberedTokens tokens, String prefix, int longest, int unknown) {
        this.tokens = tokens;
        this.prefix = prefix;
        this.longest = longest;
        this.unknown = new int[] {unknown};
    }

    /**
     * What a model says; nothing where it has a fault, which is noted.
     *
     * @param tokens its vocabulary; nothing where there is none to speak of
     */
    static Optional<WordPieces> of(JsonPlace model, Optional<NumberedTokens> tokens, Faults faults) {
        Optional<String> prefix = faults.of(() ->
                model.find("continuing_subword_prefix").map(JsonPlace::text).orElse("##"));
        Optional<Integer> longest = faults.of(() ->
                model.find("max_input_chars_per_word").map(JsonPlace::integer).orElse(100));
        Optional<JsonPlace> name = faults.of(() -> model.get("unk_token"));
        Optional<String> said = name.flatMap(found -> faults.of(found::text));
        Optional<Integer> unknown = tokens.flatMap(known -> said.flatMap(text -> faults.of(() -> {
            Integer number = known.numbers().get(text);
            if (number == null) {
                throw name.orElseThrow().unknown("the unknown token", "a token of the vocabulary");
            }
            return number;
        })));
        return unknown.isPresent() && prefix.isPresent() && longest.isPresent()
                ? Optional.of(new WordPieces(tokens.orElseThrow(), prefix.get(), longest.get(), unknown.get()))
                : Optional.empty();
    }

    /** One more than the highest number of a token. */
    int size() {
        return tokens.size();
    }

    /** What a token looks like; null where a number is no token. */
    String text(int token) {
        return token >= 0 && token < size() ? tokens.texts()[token] : null;
    }

    int[] encode(String word) {
        if (word.codePointCount(0, word.length()) > longest) {
            return unknown;
        }
        int[] pieces = new int[word.length()];
        int size = 0;
        for (int from = 0; from < word.length(); ) {
            int begin = from;
            int end = IntStream.iterate(word.length(), to -> to > begin, to -> word.offsetByCodePoints(to, -1))
                    .filter(to -> tokens.numbers().containsKey(piece(word, begin, to)))
                    .findFirst()
                    .orElse(-1);
            if (end < 0) {
                return unknown;
            }
            pieces[size++] = tokens.numbers().get(piece(word, from, end));
            from = end;
        }
        return Arrays.copyOf(pieces, size);
    }

    private String piece(String word, int from, int to) {
        return from == 0 ? word.substring(0, to) : prefix + word.substring(from, to);
    }
}
