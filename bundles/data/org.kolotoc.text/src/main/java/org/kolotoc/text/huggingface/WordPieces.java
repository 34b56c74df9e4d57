package org.kolotoc.text.huggingface;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.text.json.JsonPlace;

/**
 * Tokens of a word: the longest token that it begins with, then the longest that goes on from there (Wu et al.,
 * arXiv:1609.08144; Devlin et al., arXiv:1810.04805). A word for which there are none is unknown as a whole.
 */
final class WordPieces {
    /** More than any published vocabulary has. */
    private static final int MOST = 1 << 24;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final String[] texts;
    private final String prefix;
    private final int longest;
    private final int[] unknown;

    WordPieces(JsonPlace model) {
        JsonPlace vocab = model.get("vocab");
        Map<Integer, String> byNumber = new HashMap<>();
        vocab.integers((text, number) -> {
            String other = byNumber.putIfAbsent(number, text);
            if (other != null || number >= MOST) {
                throw vocab.wrong(
                        "gives \"" + text + "\" the number " + number + ", "
                                + (other == null ? "expected one below " + MOST : "which \"" + other + "\" has"),
                        "get the file again");
            }
            numbers.put(text, number);
        });
        texts = new String
                [byNumber.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1];
        byNumber.forEach((number, text) -> texts[number] = text);
        prefix = model.find("continuing_subword_prefix").map(JsonPlace::text).orElse("##");
        longest = model.find("max_input_chars_per_word").map(JsonPlace::integer).orElse(100);
        JsonPlace name = model.get("unk_token");
        Integer number = numbers.get(name.text());
        if (number == null) {
            throw name.unknown("the unknown token", "a token of the vocabulary");
        }
        unknown = new int[] {number};
    }

    /** One more than the highest number of a token. */
    int size() {
        return texts.length;
    }

    /** What a token looks like; null where a number is no token. */
    String text(int token) {
        return token >= 0 && token < texts.length ? texts[token] : null;
    }

    int[] encode(String word) {
        if (word.codePointCount(0, word.length()) > longest) {
            return unknown;
        }
        int[] tokens = new int[word.length()];
        int size = 0;
        for (int from = 0; from < word.length(); ) {
            int begin = from;
            int end = IntStream.iterate(word.length(), to -> to > begin, to -> word.offsetByCodePoints(to, -1))
                    .filter(to -> numbers.containsKey(piece(word, begin, to)))
                    .findFirst()
                    .orElse(-1);
            if (end < 0) {
                return unknown;
            }
            tokens[size++] = numbers.get(piece(word, from, end));
            from = end;
        }
        return Arrays.copyOf(tokens, size);
    }

    private String piece(String word, int from, int to) {
        return from == 0 ? word.substring(0, to) : prefix + word.substring(from, to);
    }
}
