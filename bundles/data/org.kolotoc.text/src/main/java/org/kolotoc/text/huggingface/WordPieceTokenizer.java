package org.kolotoc.text.huggingface;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.kolotoc.api.text.Tokenizer;

/** WordPiece. It normalises: decoding gives words with single blanks between them, and tells nothing of unknown ones. */
final class WordPieceTokenizer implements Tokenizer {
    private final UnaryOperator<String> normalizer;
    private final WordSplit split;
    private final WordPieces pieces;
    private final WordPieceDecoder decoder;
    private final Map<String, Integer> specials;
    private final Map<Integer, String> names = new HashMap<>();
    private final String state;
    private final int vocab;

    /** @param specials added tokens, by name */
    WordPieceTokenizer(
            UnaryOperator<String> normalizer,
            WordSplit split,
            WordPieces pieces,
            WordPieceDecoder decoder,
            Map<String, Integer> specials,
            String state) {
        this.normalizer = normalizer;
        this.split = split;
        this.pieces = pieces;
        this.decoder = decoder;
        this.specials = Collections.unmodifiableMap(new LinkedHashMap<>(specials));
        this.state = state;
        specials.forEach((name, token) -> names.put(token, name));
        int most = specials.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        this.vocab = Math.max(pieces.size(), most + 1);
    }

    @Override
    public int vocab() {
        return vocab;
    }

    @Override
    public int[] gaps() {
        return IntStream.range(0, vocab)
                .filter(token -> pieces.text(token) == null && !names.containsKey(token))
                .toArray();
    }

    @Override
    public Map<String, Integer> specials() {
        return specials;
    }

    @Override
    public int[] encode(String text) {
        return split.words(normalizer.apply(text)).stream()
                .flatMapToInt(word -> Arrays.stream(pieces.encode(word)))
                .toArray();
    }

    /** Before a blank that every normaliser leaves one. */
    @Override
    public int cut(CharSequence beginning) {
        for (int at = beginning.length() - 1; at > 0; at--) {
            if (isBlank(beginning.charAt(at)) && !isBlank(beginning.charAt(at - 1))) {
                return at;
            }
        }
        return 0;
    }

    private static boolean isBlank(char unit) {
        return unit == ' ' || unit == '\n' || unit == '\r' || unit == '\t';
    }

    @Override
    public String decode(int[] tokens) {
        List<String> texts = Arrays.stream(tokens).mapToObj(this::text).toList();
        return decoder.decode(texts);
    }

    private String text(int token) {
        if (token < 0 || token >= vocab) {
            throw new IllegalArgumentException("token " + token + " is not in [0, " + vocab + ")");
        }
        String text = pieces.text(token);
        return names.getOrDefault(token, text == null ? "" : text);
    }

    @Override
    public String state() {
        return state;
    }
}
