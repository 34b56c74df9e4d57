package org.kolotoc.text.bpe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.text.bpe.Vocabulary.Merge;
import org.kolotoc.text.json.NumberedTokens;

/**
 * A vocabulary as Hugging Face's and OpenAI's files have it: a JSON object of tokens, and pairs of them in order, both in
 * {@link ByteCharacters}.
 */
public final class MergeTable {
    private final NumberedTokens tokens;
    private final List<Merge> merges = new ArrayList<>();

    /** The tokens, without pairs. */
    public MergeTable(NumberedTokens tokens) {
        this.tokens = tokens;
    }

    /** Says where a pair stands. */
    @FunctionalInterface
    public interface Place {
        InputError wrong(String what, String next);
    }

    /**
     * Adds the next pair.
     *
     * @param place says what is wrong with it
     */
    public void add(String left, String right, Place place) {
        merges.add(new Merge(number(left, place), number(right, place), number(left + right, place)));
    }

    private int number(String token, Place place) {
        Integer number = tokens.numbers().get(token);
        if (number == null) {
            throw place.wrong(
                    "needs the token \"" + token + "\", which the vocabulary lacks",
                    "see that vocabulary and merges belong together");
        }
        return number;
    }

    /** Whether each byte is a token, so that none is unknown. */
    public boolean hasAllBytes() {
        return tokens.numbers().keySet().stream().filter(MergeTable::isByte).count() == Trainer.BYTES;
    }

    private static boolean isByte(String text) {
        return text.length() == 1 && ByteCharacters.bytes(text).isPresent();
    }

    /**
     * Bytes and pairs.
     *
     * @param whole whether a piece that is a token is taken as it is
     */
    public Vocabulary vocabulary(boolean whole) {
        String[] texts = tokens.texts();
        byte[][] bytes = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            bytes[i] = texts[i] == null ? null : ByteCharacters.bytes(texts[i]).orElse(null);
        }
        return Vocabulary.ofMerges(bytes, merges, whole);
    }

    /** Tokens that no byte and no pair gives, by name. */
    public Map<String, Integer> specials() {
        String[] texts = tokens.texts();
        boolean[] given = new boolean[texts.length];
        merges.forEach(merge -> given[merge.token()] = true);
        Map<String, Integer> found = new LinkedHashMap<>();
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] != null && !given[i] && !isByte(texts[i])) {
                found.put(texts[i], i);
            }
        }
        return found;
    }
}
