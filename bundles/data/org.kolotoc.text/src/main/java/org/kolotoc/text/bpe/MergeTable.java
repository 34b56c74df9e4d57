package org.kolotoc.text.bpe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.text.bpe.Vocabulary.Merge;
import org.kolotoc.text.json.JsonPlace;

/**
 * A vocabulary as Hugging Face's and OpenAI's files have it: a JSON object of tokens, and pairs of them in order, both in
 * {@link ByteCharacters}.
 */
public final class MergeTable {
    /** More than any published vocabulary has. */
    private static final int MOST = 1 << 24;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, String> texts = new LinkedHashMap<>();
    private final List<Merge> merges = new ArrayList<>();
    private int most = -1;

    /**
     * The tokens.
     *
     * @throws InputError when two have a number, or one has none that is possible
     */
    public MergeTable(JsonPlace vocabulary) {
        vocabulary.integers((text, number) -> {
            String other = texts.putIfAbsent(number, text);
            if (other != null || number >= MOST) {
                throw vocabulary.wrong(
                        "gives \"" + text + "\" the number " + number + ", "
                                + (other == null ? "expected one below " + MOST : "which \"" + other + "\" has"),
                        "get the file again");
            }
            numbers.put(text, number);
            most = Math.max(most, number);
        });
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
        Integer number = numbers.get(token);
        if (number == null) {
            throw place.wrong(
                    "needs the token \"" + token + "\", which the vocabulary lacks",
                    "see that vocabulary and merges belong together");
        }
        return number;
    }

    /** Whether each byte is a token, so that none is unknown. */
    public boolean hasAllBytes() {
        return numbers.keySet().stream()
                        .filter(text ->
                                text.length() == 1 && ByteCharacters.bytes(text).isPresent())
                        .count()
                == 256;
    }

    /**
     * Bytes and pairs.
     *
     * @param whole whether a piece that is a token is taken as it is
     */
    public Vocabulary vocabulary(boolean whole) {
        byte[][] tokens = new byte[most + 1][];
        texts.forEach(
                (number, text) -> tokens[number] = ByteCharacters.bytes(text).orElse(null));
        return Vocabulary.ofMerges(tokens, merges, whole);
    }

    /** Tokens that no byte and no pair gives, by name. */
    public Map<String, Integer> specials() {
        Map<String, Integer> found = new LinkedHashMap<>();
        boolean[] given = new boolean[most + 1];
        merges.forEach(merge -> given[merge.token()] = true);
        texts.forEach((number, text) -> {
            if (!given[number]
                    && !(text.length() == 1 && ByteCharacters.bytes(text).isPresent())) {
                found.put(text, number);
            }
        });
        return found;
    }
}
