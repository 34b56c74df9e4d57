package org.kolotoc.text.bpe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;

/**
 * Byte-level byte-pair encoding. Any text has tokens, and they give it back; an unpaired surrogate, which UTF-8 can't have, is
 * read as a question mark. The text of a special token is plain text here, see {@link NamedTokens}.
 */
public final class ByteLevelTokenizer implements Tokenizer {
    private final Split split;
    private final Vocabulary vocabulary;
    private final Map<Integer, byte[]> names = new LinkedHashMap<>();
    private final Map<String, Integer> specials;
    private final String state;
    private final int[] ofBytes;
    private final int vocab;
    private final Words words = new Words();

    /**
     * A tokenizer.
     *
     * @param specials tokens that stand for no text, by name
     * @param state see {@link Tokenizer#state()}
     */
    public ByteLevelTokenizer(Split split, Vocabulary vocabulary, Map<String, Integer> specials, String state) {
        this.split = split;
        this.vocabulary = vocabulary;
        this.specials = Collections.unmodifiableMap(new LinkedHashMap<>(specials));
        this.state = state;
        this.ofBytes = vocabulary.ofBytes();
        specials.forEach((name, token) -> names.put(token, name.getBytes(StandardCharsets.UTF_8)));
        int most = specials.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        this.vocab = Math.max(vocabulary.size(), most + 1);
    }

    @Override
    public int vocab() {
        return vocab;
    }

    @Override
    public int[] gaps() {
        return IntStream.range(0, vocab)
                .filter(token -> vocabulary.bytes(token) == null && !names.containsKey(token))
                .toArray();
    }

    @Override
    public Map<String, Integer> specials() {
        return specials;
    }

    @Override
    public int[] encode(String text) {
        char[] units = text.toCharArray();
        Tokens out = new Tokens(units.length / 3);
        Pieces pieces = new Pieces();
        for (int at = 0; at < units.length; ) {
            int end = split.next(units, at, units.length);
            if (end - at > Words.LONGEST) {
                int count = pieces.encode(units, at, end);
                out.add(pieces.tokens, count);
            } else {
                int slot = Words.slot(units, at, end);
                int[] tokens = words.find(slot, units, at, end);
                if (tokens == null) {
                    int count = pieces.encode(units, at, end);
                    tokens = Arrays.copyOf(pieces.tokens, count);
                    words.keep(slot, units, at, end, tokens);
                }
                out.add(tokens, tokens.length);
            }
            at = end;
        }
        return out.toArray();
    }

    /** Encodes one piece after the other with the same scratch memory. */
    private final class Pieces {
        private final Merging merging = new Merging(vocabulary.pairs());
        private int[] tokens = new int[4 * Words.LONGEST];

        /** How many of {@link #tokens} are those of a piece. */
        int encode(char[] text, int from, int to) {
            byte[] bytes = new String(text, from, to - from).getBytes(StandardCharsets.UTF_8);
            if (tokens.length < bytes.length) {
                tokens = new int[bytes.length];
            }
            int whole = vocabulary.whole(bytes);
            if (whole >= 0) {
                tokens[0] = whole;
                return 1;
            }
            for (int i = 0; i < bytes.length; i++) {
                tokens[i] = ofBytes[bytes[i] & 0xFF];
                if (tokens[i] < 0) {
                    throw unknown(text, from, to, bytes[i]);
                }
            }
            return merging.merge(tokens, bytes.length);
        }
    }

    private static InputError unknown(char[] text, int from, int to, byte found) {
        return InputError.of(
                String.format("the byte 0x%02X of \"%s\"", found, new String(text, from, to - from)) + " at offset "
                        + from + " is not in the vocabulary",
                "leave it out, or choose a tokenizer that has all 256 bytes, such as \"bpe\"");
    }

    @Override
    public int cut(CharSequence beginning) {
        return split.cut(beginning);
    }

    /** Special tokens become their names; bytes that are no UTF-8 become the replacement character. */
    @Override
    public String decode(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * tokens.length);
        for (int token : tokens) {
            bytes.writeBytes(bytes(token));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private byte[] bytes(int token) {
        byte[] bytes = names.getOrDefault(token, vocabulary.bytes(token));
        if (bytes == null && (token < 0 || token >= vocab)) {
            throw new IllegalArgumentException("token " + token + " is not in [0, " + vocab + ")");
        }
        return bytes == null ? new byte[0] : bytes;
    }

    @Override
    public String state() {
        return state;
    }
}
