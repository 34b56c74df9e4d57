package org.kolotoc.text.json;

import com.google.gson.JsonElement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A vocabulary: a JSON object of tokens with their numbers.
 *
 * @param numbers by what a token looks like
 * @param texts what tokens look like, by number; null where a number is no token
 */
public record NumberedTokens(Map<String, Integer> numbers, String[] texts) {
    /** More than any published vocabulary has. */
    private static final int MOST = 1 << 24;

    private static final String NEXT = "get the file again";

    /**
     * Reads one.
     *
     * @param faults takes each token whose number another has, or that has none that is possible. What is given then serves to
     *     look for further faults: such tokens are there by name, and their numbers mean nothing
     */
    public static NumberedTokens of(JsonPlace vocabulary, Faults faults) {
        Map<String, JsonElement> fields = vocabulary.members();
        Map<String, Integer> numbers = HashMap.newHashMap(fields.size());
        String[] texts = new String[fields.size()];
        int most = 0;
        for (Map.Entry<String, JsonElement> field : fields.entrySet()) {
            String token = field.getKey();
            numbers.put(token, 0);
            // A place is made only of a number that is wrong: there may be hundreds of thousands.
            Optional<Integer> number = JsonPlace.integer(field.getValue())
                    .or(() -> faults.of(vocabulary.below(token, field.getValue())::integer));
            if (number.isEmpty()) {
                continue;
            }
            int place = number.get();
            if (place >= MOST) {
                faults.add(vocabulary.wrong(
                        "gives \"" + token + "\" the number " + place + "; expected one below " + MOST, NEXT));
                continue;
            }
            if (place >= texts.length) {
                texts = Arrays.copyOf(texts, Math.max(place + 1, Math.min(MOST, 2 * texts.length)));
            }
            if (texts[place] != null) {
                faults.add(vocabulary.wrong(
                        "gives \"" + token + "\" the number " + place + ", which \"" + texts[place] + "\" has", NEXT));
                continue;
            }
            texts[place] = token;
            numbers.put(token, place);
            most = Math.max(most, place + 1);
        }
        return new NumberedTokens(numbers, Arrays.copyOf(texts, most));
    }

    /** One more than the highest number of a token. */
    public int size() {
        return texts.length;
    }

    /** Numbers that tokens may have: as {@link #size}, or more where some tokens have impossible ones. */
    public int possible() {
        return Math.max(texts.length, numbers.size());
    }
}
