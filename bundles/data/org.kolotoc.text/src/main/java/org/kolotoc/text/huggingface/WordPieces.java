package org.kolotoc.text.huggingface;

import java.util.Arrays;
import java.util.stream.IntStream;
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

    WordPieces(JsonPlace model) {
        tokens = NumberedTokens.of(model.get("vocab"));
        prefix = model.find("continuing_subword_prefix").map(JsonPlace::text).orElse("##");
        longest = model.find("max_input_chars_per_word").map(JsonPlace::integer).orElse(100);
        JsonPlace name = model.get("unk_token");
        Integer number = tokens.numbers().get(name.text());
        if (number == null) {
            throw name.unknown("the unknown token", "a token of the vocabulary");
        }
        unknown = new int[] {number};
    }

    /** One more than the highest number of a token. */
    int size() {
        return tokens.texts().length;
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
